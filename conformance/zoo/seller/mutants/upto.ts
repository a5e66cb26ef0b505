import { isUpto } from "#sandbox";
import { type Mutant, replacing } from "../mutant.ts";

/** Sellers that charge otherwise than `upto` allows, or do not tell what they charge. */
export const uptoMutants: readonly Mutant[] = [
  {
    id: "upto-without-facilitator",
    breaks: "Leaves the facilitator's address out of challenges for upto.",
    caughtBy: ["seller.upto.challenge-names-the-facilitator"],
    build: replacing("offer", (original, reached) => async (exchange) => {
      const offer = await original(exchange);
      if (offer === undefined || !isUpto(offer.requirements)) return offer;
      reached();
      const { facilitatorAddress: _, ...extra } = offer.requirements.extra ?? {};
      return { ...offer, requirements: { ...offer.requirements, extra } };
    }),
  },
  {
    id: "charges-more-than-permitted",
    breaks: "Has the facilitator settle twice what the buyer permitted.",
    caughtBy: ["seller.upto.sold", "seller.upto.charge-within-the-bound"],
    build: replacing("charge", (original, reached) => async (exchange, order, goods) => {
      const charged = await original(exchange, order, goods);
      if (goods.charge === undefined || goods.charge === 0n) return charged;
      reached();
      const amount = String(2n * BigInt(order.paymentRequirements.amount));
      return { ...charged, paymentRequirements: { ...charged.paymentRequirements, amount } };
    }),
  },
  {
    id: "settles-the-bound",
    breaks: "Has all settled that the buyer permitted, and tells the buyer what the handler charged.",
    caughtBy: ["seller.upto.charges-what-it-tells"],
    build: replacing("settle", (original, reached) => async (exchange, order) => {
      const { amount } = order.paymentRequirements;
      if (!isUpto(order.paymentRequirements) || amount === "0") return original(exchange, order);
      reached();
      const bound = order.paymentPayload.accepted.amount;
      const settlement = await original(exchange, {
        ...order,
        paymentRequirements: { ...order.paymentRequirements, amount: bound },
      });
      if (settlement.kind === "unknown") return settlement;
      return { ...settlement, receipt: { ...settlement.receipt, amount } };
    }),
  },
  {
    id: "tells-the-bound-for-nothing",
    breaks: "Tells the buyer that all that it permitted was charged where nothing was.",
    caughtBy: ["seller.upto.sold", "seller.upto.charges-what-it-tells", "seller.upto.charges-nothing"],
    build: replacing("respond", (original, reached) => (exchange, goods, settlement) => {
      if (goods.charge !== 0n || settlement.kind !== "settled") return original(exchange, goods, settlement);
      reached();
      const { amount } = exchange.offer.requirements;
      return original(exchange, goods, { ...settlement, receipt: { ...settlement.receipt, amount } });
    }),
  },
  {
    id: "does-not-tell-the-charge",
    breaks: "Leaves what was charged out of the receipt.",
    caughtBy: ["seller.upto.receipt-tells-the-charge"],
    build: replacing("respond", (original, reached) => (exchange, goods, settlement) => {
      if (goods.charge === undefined || goods.charge === 0n || settlement.kind !== "settled")
        return original(exchange, goods, settlement);
      reached();
      const { amount: _, ...receipt } = settlement.receipt;
      return original(exchange, goods, { ...settlement, receipt });
    }),
  },
  {
    id: "names-a-transaction-for-nothing",
    breaks: "Names a transaction in the receipt of what was charged nothing.",
    caughtBy: ["seller.upto.charges-nothing"],
    build: replacing("respond", (original, reached) => (exchange, goods, settlement) => {
      if (goods.charge !== 0n || settlement.kind !== "settled") return original(exchange, goods, settlement);
      reached();
      const receipt = { ...settlement.receipt, transaction: `0x${"0".repeat(64)}` };
      return original(exchange, goods, { ...settlement, receipt });
    }),
  },
  {
    id: "shows-what-the-handler-charges",
    breaks: "Lets the header by which its handlers say what is charged through to the buyer.",
    caughtBy: [
      "seller.upto.override-stays-inside",
      "seller.upto.failed-settlement-withholds-the-handlers-headers",
    ],
    build: replacing("respond", (original, reached) => async (exchange, goods, settlement) => {
      const answer = await original(exchange, goods, settlement);
      if (goods.charge === undefined) return answer;
      reached();
      const told = JSON.stringify({ amount: String(goods.charge) });
      return { ...answer, headers: { ...answer.headers, "settlement-overrides": told } };
    }),
  },
];
