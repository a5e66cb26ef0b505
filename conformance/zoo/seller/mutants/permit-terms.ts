import {
  type Exchange,
  isByPermit2,
  isUpto,
  type Offer,
  type PaymentPayload,
  sellerSteps,
  x402V2,
} from "#sandbox";
import type { Mutant } from "../mutant.ts";
import { ofBothPermits } from "./of-both-permits.ts";

/** Sellers that hold a permit against terms that its buyer chose. */
export const permitTermsMutants: readonly Mutant[] = [
  askingFor({
    id: "takes-permits-of-the-other-scheme",
    breaks: "Takes a permit of exact where it asks for one of upto, and one of upto where it asks for exact.",
    caughtBy: ofBothPermits("other-scheme"),
    asked: (offer, { accepted }) => {
      const { requirements } = offer;
      if (!isByPermit2(requirements) || accepted.scheme === requirements.scheme) return undefined;
      const facilitatorAddress = accepted.extra?.facilitatorAddress;
      const extra = { ...requirements.extra, facilitatorAddress };
      return { ...offer, requirements: { ...requirements, scheme: accepted.scheme, extra } };
    },
  }),
  askingFor({
    id: "permits-open-every-route",
    breaks: "Serves any route for a permit that was made for another, which it settles at that one's price.",
    caughtBy: ofBothPermits("unspent-permit-elsewhere"),
    asked: (offer, { accepted, resource = offer.resource }) => {
      const { requirements } = offer;
      const isOfAnother = isByPermit2(accepted) && routePrices.has(accepted.amount);
      if (!isOfAnother || accepted.extra?.requestHash === requirements.extra?.requestHash) return undefined;
      const { scheme, amount, extra } = accepted;
      return { ...offer, resource, requirements: { ...requirements, scheme, amount, extra } };
    },
  }),
];

/** Prices of the reference seller's routes that are paid by permits, in atomic units. */
const routePrices = new Set(["1000", "5000"]);

/** Asks for what suits the permit that came. */
function askingFor({
  asked,
  ...facts
}: Omit<Mutant, "build"> & {
  readonly asked: (offer: Offer, payment: PaymentPayload) => Offer | undefined;
}): Mutant {
  return {
    ...facts,
    build: (reached) => ({
      steps: {
        ...sellerSteps,
        offer: async (exchange) => {
          const offer = await sellerSteps.offer(exchange);
          const payment = paymentWith(exchange);
          const changed = offer && payment && asked(offer, payment);
          if (changed === undefined) return offer;
          reached();
          return changed;
        },
        match: (exchange, offer, payment) => {
          if (!isByPermit2(offer.requirements)) return sellerSteps.match(exchange, offer, payment);
          // An echo of extensions would tell which route it was made for.
          const { extensions: _, ...payload } = payment.payload;
          return sellerSteps.match(exchange, offer, { ...payment, payload });
        },
        charge: (exchange, order, goods) =>
          isUpto(order.paymentRequirements) ? sellerSteps.charge(exchange, order, goods) : order,
      },
    }),
  };
}

function paymentWith({ request }: Exchange): PaymentPayload | undefined {
  const payment = x402V2.readPayment(request.headers);
  return payment?.ok ? payment.value : undefined;
}
