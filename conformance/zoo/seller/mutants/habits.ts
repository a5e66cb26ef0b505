import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { type Exchange, fromBase64Json, isByPermit2, referenceRoutes } from "#sandbox";
import { type Mutant, replacing } from "../mutant.ts";
import { unguarded } from "./around.ts";

/** Sellers that some clients cannot buy from, or not read what they bought. */
export const habitMutants: readonly Mutant[] = [
  {
    id: "valid-after-zero-is-missing",
    breaks: "Takes a validAfter of 0 for one that is missing.",
    caughtBy: ["seller.retry.valid-since-ever"],
    build: replacing("match", (original, reached) => (exchange, offer, payment) => {
      if (Number(payment.authorization.validAfter) !== 0) return original(exchange, offer, payment);
      reached();
      return refusing("validAfter is required");
    }),
  },
  {
    id: "one-nonce-for-all-payers",
    breaks: "Takes an authorization for one that was used because another buyer's had the same nonce.",
    caughtBy: ["seller.retry.same-nonce-of-another-payer"],
    build: replacing("claim", (original, reached) => (exchange, offer, payment) => {
      if (isByPermit2(offer.requirements)) return original(exchange, offer, payment);
      reached();
      const from = `0x${"0".repeat(40)}` as const;
      return original(exchange, offer, { ...payment, authorization: { ...payment.authorization, from } });
    }),
  },
  {
    id: "compares-terms-as-text",
    breaks: "Compares the text of `accepted` with its own, so that the order of keys matters.",
    caughtBy: ["seller.retry.keys-in-any-order"],
    build: replacing("match", (original, reached) => (exchange, offer, payment) => {
      const own = Object.keys(offer.requirements);
      const theirs = acceptedKeys(exchange).filter((key) => own.includes(key));
      if (theirs.join() === own.filter((key) => theirs.includes(key)).join())
        return original(exchange, offer, payment);
      reached();
      return refusing("no matching requirements");
    }),
  },
  {
    id: "addresses-letter-by-letter",
    breaks: "Compares the payee with its own address letter by letter.",
    caughtBy: ["seller.retry.addresses-in-lower-case"],
    build: replacing("match", (original, reached) => (exchange, offer, payment) => {
      const { to } = payment.authorization;
      if (to !== to.toLowerCase()) return original(exchange, offer, payment);
      reached();
      return refusing("invalid_exact_evm_payload_recipient_mismatch");
    }),
  },
  {
    id: "browsers-get-the-payment-page",
    breaks: "Shows the payment page to every browser, also to one that has paid.",
    caughtBy: ["seller.retry.whatever-it-accepts"],
    build: replacing("decode", (original, reached) => (exchange) => {
      if (exchange.request.headers.accept?.includes("text/html") !== true) return original(exchange);
      reached();
      return { kind: "unpaid" };
    }),
  },
  {
    id: "json-by-name-only",
    breaks: "Answers 406 to who accepts anything, but does not name JSON.",
    caughtBy: ["seller.retry.whatever-it-accepts"],
    build: (reached) => ({
      front: ({ headers }, response, forward) => {
        if (headers.accept !== "*/*") return forward();
        reached();
        response.writeHead(406).end();
      },
    }),
  },
  rewriting({
    id: "compresses-the-receipt-away",
    breaks: "Makes the answer anew when it compresses it, and loses the receipt.",
    caughtBy: ["seller.retry.compressed"],
    isTaken: ({ headers }) => headers["accept-encoding"]?.includes("gzip") === true,
    rewrite: ({ "payment-response": _, ...headers }) => headers,
  }),
  {
    id: "one-request-per-connection",
    breaks: "Answers 400 to a second request on a connection on which it asked for money.",
    caughtBy: ["seller.retry.on-one-connection"],
    build: (reached) => {
      const asked = new WeakSet<object>();
      return {
        front: ({ socket }, response, forward) => {
          if (asked.has(socket)) {
            reached();
            response.writeHead(400).end();
            return;
          }
          response.on("finish", () => {
            if (response.statusCode === 402) asked.add(socket);
          });
          forward();
        },
      };
    },
  },
  rewriting({
    id: "charges-pages-in-vain",
    breaks: "Lets pages of other origins read the 402, but not what they paid for.",
    caughtBy: ["seller.retry.is-readable-for-pages"],
    isTaken: pays,
    rewrite: ({ "access-control-allow-origin": _, ...headers }) => headers,
  }),
  rewriting({
    id: "hides-the-receipt-from-pages",
    breaks: "Exposes PAYMENT-REQUIRED to pages, and not PAYMENT-RESPONSE.",
    caughtBy: ["seller.retry.is-readable-for-pages"],
    isTaken: pays,
    rewrite: (headers) => ({ ...headers, "access-control-expose-headers": "PAYMENT-REQUIRED" }),
  }),
  rewriting({
    id: "preflight-forbids-to-pay",
    breaks: "Does not allow PAYMENT-SIGNATURE in the answer to a preflight.",
    caughtBy: ["seller.challenge.preflight-lets-pages-pay"],
    isTaken: ({ method }) => method === "OPTIONS",
    rewrite: (headers) => ({ ...headers, "access-control-allow-headers": "content-type" }),
  }),
  rewriting({
    id: "cdns-may-keep-it",
    breaks: "Tells CDNs, in a header of their own, to keep what was paid for.",
    caughtBy: ["seller.retry.answer-is-private-for-cdns"],
    isTaken: pays,
    rewrite: (headers) => ({ ...headers, "cdn-cache-control": "public, max-age=3600" }),
  }),
  {
    id: "private-for-a-field-only",
    breaks: 'Says private="set-cookie", which lets shared caches keep all but that field.',
    caughtBy: ["seller.retry.answer-is-private"],
    build: replacing("respond", (original, reached) => async (exchange, goods, settlement) => {
      const answer = await original(exchange, goods, settlement);
      if (settlement.kind !== "settled") return answer;
      reached();
      const cacheControl = 'public, max-age=60, private="set-cookie"';
      return { ...answer, headers: { ...answer.headers, "cache-control": cacheControl } };
    }),
  },
  {
    id: "paid-connections-are-free",
    breaks: "Asks nothing more on a connection on which was paid.",
    caughtBy: ["seller.retry.on-one-connection"],
    build: (reached) => {
      const paid = new WeakSet<object>();
      return {
        routes: [...referenceRoutes, unguarded("/inside", reached)],
        front: (request, response, forward) => {
          const { socket } = request;
          if (paid.has(socket) && !pays(request)) request.url = "/inside?city=Berlin";
          if (pays(request))
            response.on("finish", () => void (response.statusCode === 200 && paid.add(socket)));
          forward();
        },
      };
    },
  },
];

/** Some answers come back with other headers. */
function rewriting({
  isTaken,
  rewrite,
  ...mutant
}: Pick<Mutant, "id" | "breaks" | "caughtBy"> & {
  readonly isTaken: (request: IncomingMessage) => boolean;
  readonly rewrite: (headers: IncomingHttpHeaders) => OutgoingHttpHeaders;
}): Mutant {
  return {
    ...mutant,
    build: (reached) => ({
      front: (request, _response, forward) => {
        if (!isTaken(request)) return forward();
        reached();
        forward(rewrite);
      },
    }),
  };
}

/** The keys of `accepted` in the order in which they were sent. */
function acceptedKeys({ request }: Exchange): string[] {
  const payment = fromBase64Json(String(request.headers["payment-signature"]));
  const sent = payment.ok ? objectOf(payment.value).accepted : undefined;
  return Object.keys(objectOf(sent));
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function refusing(reason: string) {
  return { kind: "refused", refusal: { kind: "invalid", reason } } as const;
}

function pays({ headers }: IncomingMessage): boolean {
  return headers["payment-signature"] !== undefined;
}
