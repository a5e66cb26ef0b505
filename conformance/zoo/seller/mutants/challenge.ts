import { type Answer, fromBase64Json, toBase64Json } from "#sandbox";
import { describing, type Mutant, replacing } from "../mutant.ts";
import { unpadded } from "../unpadded.ts";
import { ofBothPermits } from "./of-both-permits.ts";

type Json = Record<string, unknown>;

/** Sellers whose challenge is wrong in one field. */
export const challengeMutants: readonly Mutant[] = [
  {
    id: "no-paywall",
    breaks: "Serves everybody without payment.",
    caughtBy: ["seller.challenge.status-402"],
    sellsNothing: true,
    build: replacing("offer", (_original, reached) => () => {
      reached();
      return undefined;
    }),
  },
  {
    id: "challenge-without-header",
    breaks: "Answers 402 without PAYMENT-REQUIRED.",
    caughtBy: ["seller.challenge.header"],
    sellsNothing: true,
    build: replacing("challenge", (original, reached) => async (exchange, offer) => {
      reached();
      const { "payment-required": _, ...headers } = (await original(exchange, offer)).headers;
      return { status: 402, headers, body: "{}" };
    }),
  },
  {
    id: "challenge-not-base64",
    breaks: "Sends the challenge as plain JSON.",
    caughtBy: ["seller.challenge.base64-json"],
    sellsNothing: true,
    build: replacing("challenge", (original, reached) => async (exchange, offer) => {
      reached();
      const answer = await original(exchange, offer);
      return withHeader(answer, JSON.stringify(challengeOf(answer)));
    }),
  },
  {
    id: "challenge-without-padding",
    breaks: "Leaves out the padding of the challenge's base64.",
    caughtBy: ["seller.challenge.base64-json"],
    build: replacing("challenge", (original, reached) => async (exchange, offer) => {
      reached();
      const answer = await original(exchange, offer);
      return withHeader(answer, unpadded(String(answer.headers["payment-required"])));
    }),
  },
  {
    id: "challenge-in-base64url",
    breaks: "Writes the challenge in base64url, which is mostly the same.",
    caughtBy: ["seller.challenge.standard-alphabet"],
    build: replacing("challenge", (original, reached) => async (exchange, offer) => {
      const answer = await original(exchange, offer);
      const inBase64url = inUrlAlphabet(String(answer.headers["payment-required"]));
      if (/[-_]/.test(inBase64url)) reached();
      return withHeader(answer, inBase64url);
    }),
  },
  saying({
    id: "version-as-string",
    breaks: 'Says x402Version: "2".',
    caughtBy: ["seller.challenge.version-is-the-number-2"],
    change: (challenge) => ({ ...challenge, x402Version: "2" }),
  }),
  saying({
    id: "resource-missing",
    breaks: "Names no resource.",
    caughtBy: ["seller.challenge.resource-has-url"],
    change: ({ resource: _, ...challenge }) => challenge,
  }),
  saying({
    id: "accepts-as-object",
    breaks: "Gives `accepts` as a single object.",
    caughtBy: ["seller.challenge.accepts-is-an-array"],
    sellsNothing: true,
    change: (challenge) => ({ ...challenge, accepts: entriesOf(challenge)[0] }),
  }),
  offering({
    id: "scheme-missing",
    breaks: "Leaves out the scheme.",
    caughtBy: ["seller.challenge.entry-fields-are-strings"],
    change: ({ scheme: _, ...entry }) => entry,
  }),
  offering({
    id: "network-by-its-v1-name",
    breaks: "Names the network as x402 v1 did.",
    caughtBy: ["seller.challenge.network-is-caip2"],
    change: (entry) => ({ ...entry, network: "base-sepolia" }),
  }),
  offering({
    id: "amount-as-number",
    breaks: "Gives the amount as a JSON number.",
    caughtBy: ["seller.challenge.amount-is-atomic"],
    change: (entry) => ({ ...entry, amount: Number(entry.amount) }),
  }),
  offering({
    id: "amount-in-dollars",
    breaks: "Gives the amount in dollars.",
    caughtBy: ["seller.challenge.amount-is-atomic"],
    change: (entry) => ({ ...entry, amount: "0.001" }),
  }),
  offering({
    id: "timeout-as-string",
    breaks: "Gives maxTimeoutSeconds as a string.",
    caughtBy: ["seller.challenge.timeout-is-a-number"],
    change: (entry) => ({ ...entry, maxTimeoutSeconds: "300" }),
  }),
  offering({
    id: "domain-missing",
    breaks: "Does not give the token's domain.",
    caughtBy: ["seller.challenge.domain-is-given", "seller.upto.challenge-names-the-facilitator"],
    change: ({ extra: _, ...entry }) => entry,
  }),
  {
    id: "domain-of-another-token",
    breaks: "Gives the domain name of mainnet USDC.",
    caughtBy: ["seller.challenge.domain-is-the-tokens-own"],
    sellsNothing: true,
    build: replacing("offer", (original, reached) => async (exchange) => {
      const offer = await original(exchange);
      if (offer === undefined) return undefined;
      reached();
      const { requirements } = offer;
      return {
        ...offer,
        requirements: { ...requirements, extra: { ...requirements.extra, name: "USD Coin" } },
      };
    }),
  },
  offering({
    id: "asset-by-symbol",
    breaks: "Names the asset by its symbol.",
    caughtBy: ["seller.challenge.addresses"],
    change: (entry) => ({ ...entry, asset: "USDC" }),
  }),
  {
    id: "challenge-shows-the-goods",
    breaks: "Puts the paid content into the body of the 402.",
    caughtBy: ["seller.challenge.gives-nothing-away"],
    build: replacing("challenge", (original, reached) => async (exchange, offer) => {
      reached();
      const { route, request } = exchange;
      const { params, query } = request;
      const prepared = route.prepare({ params, query }, request);
      const preview = prepared.kind === "ready" ? (await prepared.work()).body : undefined;
      return { ...(await original(exchange, offer)), body: JSON.stringify(preview ?? {}) };
    }),
  },
  saying({
    id: "challenge-too-large",
    breaks: "Describes the resource at length.",
    caughtBy: ["seller.challenge.header-is-small"],
    change: (challenge) => ({ ...challenge, error: "Payment required. ".repeat(500) }),
  }),
  {
    id: "challenge-is-cacheable",
    breaks: "Lets caches keep the 402.",
    caughtBy: ["seller.challenge.is-not-cached"],
    build: replacing("challenge", (original, reached) => async (exchange, offer) => {
      reached();
      const answer = await original(exchange, offer);
      return { ...answer, headers: { ...answer.headers, "cache-control": "public, max-age=60" } };
    }),
  },
  {
    id: "challenge-hidden-from-pages",
    breaks: "Lets pages of other origins ask, but not read the challenge.",
    caughtBy: ["seller.challenge.is-exposed-to-pages"],
    build: replacing("challenge", (original, reached) => async (exchange, offer) => {
      reached();
      const answer = await original(exchange, offer);
      return { ...answer, headers: { ...answer.headers, "access-control-expose-headers": "ETag" } };
    }),
  },
  saying({
    id: "error-as-object",
    breaks: "Gives `error` as an object.",
    caughtBy: ["seller.challenge.error-is-a-string"],
    change: (challenge) => ({ ...challenge, error: { code: 402, message: "Payment required" } }),
  }),
  saying({
    id: "accepts-nothing",
    breaks: "Offers no way to pay.",
    caughtBy: ["seller.challenge.accepts-something"],
    sellsNothing: true,
    change: (challenge) => ({ ...challenge, accepts: [] }),
  }),
  saying({
    id: "extension-without-schema",
    breaks: "Announces an extension without its schema.",
    caughtBy: ["seller.challenge.extensions-are-described"],
    change: (challenge) => ({
      ...challenge,
      extensions: { "payment-identifier": { info: { required: false } } },
    }),
  }),
  describing("payment-identifier", {
    id: "extension-outside-its-schema",
    breaks: "Announces an extension whose schema its own info breaks.",
    caughtBy: ["seller.challenge.extensions-hold-their-schema"],
    change: (entry) => ({ ...entry, info: { required: "no" } }),
  }),
  {
    id: "price-drifts",
    breaks: "Asks for a little more each time.",
    caughtBy: [
      "seller.challenge.terms-are-stable",
      "seller.challenge.html-keeps-the-header",
      "seller.retry.served",
      ...ofBothPermits("sold"),
    ],
    sellsNothing: true,
    build: replacing("offer", (original, reached) => {
      let surcharge = 0n;
      return async (exchange) => {
        const offer = await original(exchange);
        if (offer === undefined) return undefined;
        reached();
        surcharge += 1n;
        const amount = String(BigInt(offer.requirements.amount) + surcharge);
        return { ...offer, requirements: { ...offer.requirements, amount } };
      };
    }),
  },
  {
    id: "html-without-header",
    breaks: "Shows browsers a page without the challenge.",
    caughtBy: ["seller.challenge.html-keeps-the-header"],
    build: replacing("challenge", (original, reached) => async (exchange, offer) => {
      const answer = await original(exchange, offer);
      if (!String(answer.headers["content-type"]).includes("html")) return answer;
      reached();
      const { "payment-required": _, ...headers } = answer.headers;
      return { ...answer, headers };
    }),
  },
];

/** A challenge that is changed as a whole on its way out; what the seller matches against stays right. */
function saying(
  mutant: Pick<Mutant, "id" | "breaks" | "caughtBy" | "sellsNothing"> & { change: (challenge: Json) => Json },
): Mutant {
  const { change, ...rest } = mutant;
  return {
    ...rest,
    build: replacing("challenge", (original, reached) => async (exchange, offer) => {
      reached();
      const answer = await original(exchange, offer);
      return withHeader(answer, toBase64Json(change(challengeOf(answer))));
    }),
  };
}

/** A challenge whose entries are changed on its way out. What the buyer echoes can then not be matched. */
function offering(
  mutant: Pick<Mutant, "id" | "breaks" | "caughtBy"> & { change: (entry: Json) => Json },
): Mutant {
  const { change, ...rest } = mutant;
  return saying({
    ...rest,
    sellsNothing: true,
    change: (challenge) => ({ ...challenge, accepts: entriesOf(challenge).map(change) }),
  });
}

/** Base64url of a JSON text, padded; with spaces before it where that makes it the same as base64. */
function inUrlAlphabet(header: string): string {
  const text = Buffer.from(header, "base64").toString("utf8");
  const headers = ["", " ", "  "].map((spaces) =>
    Buffer.from(spaces + text)
      .toString("base64")
      .replaceAll("+", "-")
      .replaceAll("/", "_"),
  );
  return headers.find((value) => !/[-_]/.test(value)) ?? headers[0] ?? header;
}

function challengeOf(answer: Answer): Json {
  const challenge = fromBase64Json(answer.headers["payment-required"] ?? "");
  return challenge.ok && isObject(challenge.value) ? challenge.value : {};
}

function entriesOf({ accepts }: Json): Json[] {
  return Array.isArray(accepts) ? accepts.filter(isObject) : [];
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null;
}

function withHeader(answer: Answer, value: string): Answer {
  return { ...answer, headers: { ...answer.headers, "payment-required": value } };
}
