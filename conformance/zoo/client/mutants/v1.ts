import { toBase64Json } from "#sandbox";
import { isMessage, type Message } from "../messages.ts";
import { type ClientMutant, replacing } from "../mutant.ts";

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
    build: misreadingBody((text) => (parsed(text) === undefined ? parsed(`${text}}`) : undefined)),
  },
  {
    id: "v1-knows-every-version",
    breaks: "Takes a body of any version for one of version 1.",
    caughtBy: ["client.v1.other-version"],
    build: misreadingBody((text) => {
      const challenge = parsed(text);
      return Number(challenge?.x402Version) > 2 ? { ...challenge, x402Version: 1 } : undefined;
    }),
  },
  {
    id: "v1-knows-all-fields",
    breaks: "Refuses a v1 challenge with a field that it does not know.",
    caughtBy: ["client.v1.unknown-fields"],
    build: misreadingBody((text) => (parsed(text)?.requestId === undefined ? undefined : { refused: true })),
  },
];

/** Reads another challenge than the one in the body of a 402; the same one where `change` gives `undefined`. */
function misreadingBody(change: (text: string) => Message | undefined): ClientMutant["build"] {
  return replacing("readChallenge", (original, reached) => async (response) => {
    const text = response.headers.has("payment-required") ? "" : await response.clone().text();
    const changed = change(text);
    if (changed === undefined) return original(response);
    reached();
    return { ...(await original(new Response(JSON.stringify(changed), { status: 402 }))), response };
  });
}

function parsed(text: string): Message | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return isMessage(message) ? message : undefined;
  } catch {
    return undefined;
  }
}
