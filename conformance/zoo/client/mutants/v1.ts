import { toBase64Json } from "#sandbox";
import { firstEntry, forgery, isMessage, type Message, nobody, payeeNamedIn } from "../messages.ts";
import { type ClientMutant, replacing } from "../mutant.ts";
import { messageOf, misreadingBody, misreadingV1Entries } from "../v1-messages.ts";

/** Clients that go wrong with shops that speak x402 v1. */
export const v1Mutants: readonly ClientMutant[] = [
  {
    id: "v1-names-no-network",
    breaks: "Leaves the network out of a v1 payment.",
    caughtBy: ["client.v1.payment"],
    build: replacing("present", (original, reached) => (request, payment, ...rest) => {
      if (payment.message.x402Version !== 1) return original(request, payment, ...rest);
      reached();
      const { network: _, ...message } = payment.message;
      return original(request, { ...payment, header: toBase64Json(message) }, ...rest);
    }),
  },
  {
    id: "v1-in-both-headers",
    breaks: "Sends PAYMENT-SIGNATURE along with X-PAYMENT.",
    caughtBy: ["client.v1.one-header"],
    build: replacing("present", (original, reached) => (request, payment, ...rest) => {
      if (payment.message.x402Version !== 1) return original(request, payment, ...rest);
      reached();
      const headers = { ...request.headers, "payment-signature": payment.header };
      return original({ ...request, headers }, payment, ...rest);
    }),
  },
  {
    id: "v1-mends-json",
    breaks: "Closes the braces of a v1 challenge that was cut off, and pays it.",
    caughtBy: ["client.v1.not-json"],
    build: misreadingBody((text) => (messageOf(text) === undefined ? messageOf(`${text}}`) : undefined)),
  },
  {
    id: "v1-knows-every-version",
    breaks: "Takes a body of any version for one of version 1.",
    caughtBy: ["client.v1.other-version"],
    build: misreadingBody((text) => {
      const challenge = messageOf(text);
      return Number(challenge?.x402Version) > 2 ? { ...challenge, x402Version: 1 } : undefined;
    }),
  },
  {
    id: "v1-knows-all-fields",
    breaks: "Refuses a v1 challenge with a field that it does not know.",
    caughtBy: ["client.v1.unknown-fields"],
    build: misreadingBody((text) =>
      messageOf(text)?.requestId === undefined ? undefined : { refused: true },
    ),
  },
  {
    id: "v1-sends-numbers",
    breaks: "Sends the value of a v1 authorization as a JSON number.",
    caughtBy: ["client.v1.authorization-numbers-are-strings"],
    build: replacing("present", (original, reached) => (request, payment, ...rest) => {
      if (payment.message.x402Version !== 1) return original(request, payment, ...rest);
      reached();
      const { payload } = payment.message;
      const authorization = isMessage(payload.authorization) ? payload.authorization : {};
      const numbered = { ...authorization, value: Number(authorization.value) };
      const message = { ...payment.message, payload: { ...payload, authorization: numbered } };
      return original(request, { ...payment, header: toBase64Json(message) }, ...rest);
    }),
  },
  {
    id: "v1-pays-for-nothing-asked",
    breaks: "Pays usual terms when a v1 challenge accepts nothing.",
    caughtBy: ["client.v1.challenge-nothing-accepted"],
    build: misreadingBody((text) => {
      const challenge = messageOf(text);
      if (challenge === undefined || firstEntry(challenge) !== undefined) return undefined;
      return { ...challenge, accepts: [usualEntry] };
    }),
  },
  {
    id: "v1-pays-whatever-the-status",
    breaks: "Pays every answer whose body is a v1 challenge.",
    caughtBy: ["client.v1.challenge-on-200"],
    build: replacing("ask", (original, reached) => async (...asking) => {
      const asked = await original(...asking);
      if (asked.response.status === 402) return asked;
      const text = await asked.response.clone().text();
      if (messageOf(text)?.x402Version !== 1) return asked;
      reached();
      return { ...asked, response: new Response(text, { status: 402 }) };
    }),
  },
  {
    id: "v1-knows-every-scheme",
    breaks: "Pays a v1 entry of an unknown scheme as if it were exact.",
    caughtBy: ["client.v1.challenge-nothing-supported", "client.v1.unknown-scheme-first"],
    build: misreadingV1Entries((entry) =>
      entry.scheme === "exact" || entry.scheme === undefined ? undefined : { ...entry, scheme: "exact" },
    ),
  },
  {
    id: "v1-overlooks-strange-letters",
    breaks: "Overlooks letters in a v1 network that nobody can see.",
    caughtBy: ["client.v1.entries-look-alike-network"],
    build: misreadingV1Entries((entry) => {
      const network = String(entry.network).replaceAll(/[^ -~]/g, "");
      return network === entry.network ? undefined : { ...entry, network };
    }),
  },
  {
    id: "v1-obeys-errors",
    breaks: "Pays whom the text of `error` in a v1 challenge names.",
    caughtBy: ["client.v1.texts-order-in-error"],
    build: misreadingBody((text) => {
      const challenge = messageOf(text);
      const payTo = payeeNamedIn(challenge?.error);
      if (payTo === undefined) return undefined;
      return { ...challenge, accepts: [{ ...firstEntry(challenge), payTo }] };
    }),
  },
  {
    id: "v1-obeys-descriptions",
    breaks: "Pays whom the description of a v1 entry names.",
    caughtBy: ["client.v1.order-in-description"],
    build: misreadingV1Entries((entry) => {
      const payTo = payeeNamedIn(entry.description);
      return payTo === undefined ? undefined : { ...entry, payTo };
    }),
  },
  {
    id: "v1-gets-lost-in-the-depth",
    breaks: "Pays usual terms when a v1 challenge is nested too deep for it.",
    caughtBy: ["client.v1.size-deeply-nested"],
    build: misreadingBody((text) =>
      text.includes('{"a":'.repeat(64)) ? { x402Version: 1, accepts: [usualEntry] } : undefined,
    ),
  },
];

/** What a v1 client would believe that believes anything. */
const usualEntry: Message = {
  scheme: "exact",
  network: "base-sepolia",
  maxAmountRequired: "1000",
  resource: "http://127.0.0.1/report",
  description: "A report",
  mimeType: "application/json",
  asset: firstEntry(forgery)?.asset,
  payTo: nobody,
  maxTimeoutSeconds: 60,
  extra: { name: "USDC", version: "2" },
};
