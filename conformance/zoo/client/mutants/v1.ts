import { toBase64Json } from "#sandbox";
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
    build: replacing("readChallenge", (original, reached) => async (response) => {
      const text = response.headers.has("payment-required") ? "" : await response.clone().text();
      if (!text.includes('"x402Version":1') || text.endsWith("}]}")) return original(response);
      if (!text.endsWith("}]")) return original(response);
      reached();
      return { ...(await original(new Response(`${text}}`, { status: 402 }))), response };
    }),
  },
];
