import { sellerSteps } from "#sandbox";
import { type Mutant, replacing } from "../mutant.ts";
import { withChangedPayment, withPaymentHeader } from "../payment-header.ts";

/** Sellers that read a payment header wrongly. */
export const decodingMutants: readonly Mutant[] = [
  {
    id: "crashes-on-malformed-payments",
    breaks: "Answers 500 to a payment header that it cannot read.",
    caughtBy: [
      "seller.malformed.not-base64",
      "seller.malformed.not-json",
      "seller.malformed.null",
      "seller.malformed.array",
      "seller.malformed.empty-object",
      "seller.malformed.bare-string",
      "seller.malformed.bare-number",
      "seller.malformed.empty-header",
      "seller.malformed.version-missing",
      "seller.malformed.version-with-a-fraction",
      "seller.malformed.base64url",
      "seller.malformed.almost-base64",
      "seller.malformed.odd-numbers",
      "seller.malformed.odd-letters",
      "seller.malformed.deep-nesting",
      "seller.malformed.prototype-keys",
      "seller.malformed.other-version",
      "seller.malformed.accepted-missing",
      "seller.malformed.payload-missing",
      "seller.malformed.accepted-null",
      "seller.malformed.payload-null",
      "seller.malformed.authorization-null",
      "seller.malformed.time-in-words",
      "seller.malformed.odd-extras",
    ],
    build: replacing("decode", (original, reached) => async (exchange) => {
      const decoded = await original(exchange);
      if (decoded.kind !== "refused") return decoded;
      reached();
      throw new TypeError("Cannot read properties of undefined (reading 'scheme')");
    }),
  },
  {
    id: "any-version-will-do",
    breaks: "Does not look at the x402 version of a payment.",
    caughtBy: [
      "seller.malformed.other-version",
      "seller.malformed.version-missing",
      "seller.malformed.version-with-a-fraction",
    ],
    build: replacing(
      "decode",
      (original, reached) => (exchange) =>
        original(
          withChangedPayment(exchange, (payment) => {
            if (payment.x402Version === 2) return undefined;
            reached();
            return { ...payment, x402Version: 2 };
          }),
        ),
    ),
  },
  {
    id: "accepted-is-optional",
    breaks: "Takes a payment that does not say which terms it accepts.",
    caughtBy: ["seller.malformed.accepted-missing"],
    build: replacing("decode", (original, reached) => async (exchange) => {
      const offer = await sellerSteps.offer(exchange);
      const completed = withChangedPayment(exchange, (payment) => {
        if (payment.accepted !== undefined || payment.payload === undefined) return undefined;
        reached();
        return { ...payment, accepted: offer?.requirements };
      });
      return original(completed);
    }),
  },
  {
    id: "reads-the-v1-header",
    breaks: "Takes a v1 payment although it offers none.",
    caughtBy: ["seller.malformed.v1-header"],
    build: replacing("decode", (original, reached) => async (exchange) => {
      const v1 = exchange.request.headers["x-payment"];
      const offer = await sellerSteps.offer(exchange);
      if (typeof v1 !== "string") return original(exchange);
      reached();
      const asV2 = withChangedPayment(withPaymentHeader(exchange, v1), ({ payload }) => ({
        x402Version: 2,
        accepted: offer?.requirements,
        payload,
      }));
      return original(asV2);
    }),
  },
  {
    id: "tries-every-payment-header",
    breaks: "Takes whichever of several payment headers is good.",
    caughtBy: ["seller.malformed.two-headers"],
    build: replacing("decode", (original, reached) => async (exchange) => {
      const header = exchange.request.headers["payment-signature"];
      if (typeof header !== "string" || !header.includes(",")) return original(exchange);
      reached();
      const attempts = await Promise.all(
        header.split(",").map((part) => original(withPaymentHeader(exchange, part.trim()))),
      );
      return attempts.find(({ kind }) => kind === "paid") ?? original(exchange);
    }),
  },
  {
    id: "chokes-on-large-headers",
    breaks: "Answers 500 to a large header.",
    caughtBy: ["seller.malformed.oversized", "seller.malformed.oversized-by-far"],
    build: (reached) => ({
      front: (request, response, forward) => {
        if (String(request.headers["payment-signature"] ?? "").length < 16_384) return forward();
        reached();
        response.writeHead(500).end();
      },
    }),
  },
];
