import { type Exchange, type PaymentPayload, sellerSteps, x402V2, x402V2Headers } from "#sandbox";
import { type Mutant, replacing } from "../mutant.ts";
import { withPaymentHeader } from "../payment-header.ts";
import { onTerms } from "./matching.ts";
import { ofBothPermits } from "./of-both-permits.ts";

/** Sellers that read something else in a payment header than what they charge for. */
export const readingMutants: readonly Mutant[] = [
  {
    id: "reads-base64url",
    breaks: "Takes the base64url alphabet for base64.",
    caughtBy: ["seller.malformed.base64url"],
    build: replacing("decode", (original, reached) => (exchange) => {
      const header = headerOf(exchange);
      if (!/^[\w-]+=*$/.test(header) || !/[-_]/.test(header)) return original(exchange);
      reached();
      return original(withPaymentHeader(exchange, header.replaceAll("-", "+").replaceAll("_", "/")));
    }),
  },
  {
    id: "insists-on-padding",
    breaks: "Refuses base64 without its padding.",
    caughtBy: ["seller.malformed.without-padding"],
    build: replacing("decode", (original, reached) => (exchange) => {
      if (headerOf(exchange).length % 4 === 0) return original(exchange);
      reached();
      return { kind: "refused", refusal: { kind: "malformed", reason: "not base64" } };
    }),
  },
  {
    id: "takes-an-empty-header-for-paid",
    breaks: "Looks only whether there is a payment header.",
    caughtBy: ["seller.malformed.empty-header"],
    build: replacing("offer", (original, reached) => (exchange) => {
      if (exchange.request.headers["payment-signature"] !== "") return original(exchange);
      reached();
      return undefined;
    }),
  },
  {
    id: "charges-every-payment-header",
    breaks: "Serves for the first of several payments and charges the others, too.",
    caughtBy: ["seller.malformed.two-payments"],
    build: (reached) => ({
      steps: {
        ...sellerSteps,
        decode: (exchange) => {
          const [first = "", ...others] = headerOf(exchange).split(", ");
          return sellerSteps.decode(others.length === 0 ? exchange : withPaymentHeader(exchange, first));
        },
        settle: async (exchange, order) => {
          for (const header of headerOf(exchange).split(", ").slice(1)) {
            const other = readPayment(header);
            if (other === undefined) continue;
            reached();
            await sellerSteps.settle(exchange, { ...order, paymentPayload: other });
          }
          return sellerSteps.settle(exchange, order);
        },
      },
    }),
  },
  {
    id: "compares-the-first-of-two-amounts",
    breaks: "Of a key that comes twice, compares the first value and charges the last.",
    caughtBy: ["seller.malformed.duplicate-amounts", ...ofBothPermits("underpaid-by-one")],
    build: replacing("match", (original, reached) => async (exchange, offer, payment) => {
      const [first, last] = textOf(exchange).matchAll(/"amount":"(\d+)"/g);
      if (first?.[1] === undefined || last?.[1] === undefined) return original(exchange, offer, payment);
      reached();
      const accepted = { ...payment.payload.accepted, amount: first[1] };
      const payload = { ...payment.payload, accepted };
      const matched = await original(exchange, offer, { ...payment, payload });
      return matched.kind === "matched"
        ? { kind: "matched", order: onTerms(matched.order, { amount: last[1] }) }
        : matched;
    }),
  },
  {
    id: "charges-the-first-of-two-payloads",
    breaks: "Verifies the last of two payloads and charges the first, whatever it pays.",
    caughtBy: ["seller.malformed.duplicate-payloads"],
    build: replacing("settle", (original, reached) => (exchange, order) => {
      const text = textOf(exchange);
      const second = text.lastIndexOf(',"payload":');
      const first = readPayment(Buffer.from(`${text.slice(0, second)}}`).toString("base64"));
      if (text.indexOf(',"payload":') === second || first === undefined) return original(exchange, order);
      reached();
      const amount = /"value":"(\d+)"/.exec(text)?.[1] ?? order.paymentRequirements.amount;
      return original(exchange, onTerms({ ...order, paymentPayload: first }, { amount }));
    }),
  },
  {
    id: "inherits-the-price",
    breaks: "Merges what the buyer accepted into its own terms, `__proto__` included.",
    caughtBy: ["seller.malformed.prototype-keys"],
    build: replacing("match", (original, reached) => (exchange, offer, payment) => {
      const amount = /"__proto__":\{"amount":"(\d+)"/.exec(textOf(exchange))?.[1];
      if (amount === undefined) return original(exchange, offer, payment);
      reached();
      const accepted = { ...payment.payload.accepted, amount };
      return original(
        exchange,
        { ...offer, requirements: { ...offer.requirements, amount } },
        { ...payment, payload: { ...payment.payload, accepted } },
      );
    }),
  },
];

function headerOf({ request }: Exchange): string {
  const header = request.headers["payment-signature"];
  return typeof header === "string" ? header : "";
}

function textOf(exchange: Exchange): string {
  return Buffer.from(headerOf(exchange), "base64").toString("utf8");
}

function readPayment(header: string): PaymentPayload | undefined {
  const read = x402V2.readPayment({ [x402V2Headers.payment]: header });
  return read?.ok ? read.value : undefined;
}
