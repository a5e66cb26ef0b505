import { offerTypedData, receiptTypedData } from "#sandbox";
import { type Mutant, replacing } from "../mutant.ts";
import { offering, offeringOf, offerReceiptKey, receipting, signer } from "../signed-artifacts.ts";

/** Sellers that sign offers and receipts, and are wrong about one thing in it. */
export const offerReceiptMutants: readonly Mutant[] = [
  offering({
    id: "signs-offers-for-its-chain",
    breaks: "Signs offers under the chain id of its network.",
    caughtBy: ["seller.offer-receipt.offers-are-signed"],
    change: async ({ payload, ...offer }) => {
      const { domain, ...typedData } = offerTypedData(payload);
      const signature = await signer.signTypedData({ ...typedData, domain: { ...domain, chainId: 84532 } });
      return { ...offer, payload, signature };
    },
  }),
  offering({
    id: "sends-the-types-of-offers",
    breaks: "Sends the EIP-712 types along with its offers.",
    caughtBy: ["seller.offer-receipt.types-are-not-sent"],
    change: ({ payload, ...offer }) => {
      const { types, primaryType } = offerTypedData(payload);
      return { ...offer, payload, types, primaryType };
    },
  }),
  offering({
    id: "offers-by-v1-network-name",
    breaks: "Signs offers with the network's v1 name.",
    caughtBy: ["seller.offer-receipt.networks-are-caip2"],
    change: offeringOf(() => ({ network: "base-sepolia" })),
  }),
  receipting({
    id: "signs-receipts-as-offers",
    breaks: "Signs receipts under the domain of offers.",
    caughtBy: ["seller.offer-receipt.receipts-are-signed"],
    change: async ({ payload, ...receipt }) => {
      const { domain, ...typedData } = receiptTypedData(payload);
      const signature = await signer.signTypedData({
        ...typedData,
        domain: { ...domain, name: "x402 offer" },
      });
      return { ...receipt, payload, signature };
    },
  }),
  {
    id: "signs-receipts-for-failures",
    breaks: "Signs a receipt although the settlement failed.",
    caughtBy: ["seller.offer-receipt.no-receipt-for-a-failed-settlement"],
    build: replacing("respond", (original, reached) => async (exchange, goods, settlement) => {
      if (settlement.kind !== "failed") return original(exchange, goods, settlement);
      reached();
      const own = exchange.seller.extensions.find((extension) => extension.key === offerReceiptKey);
      const entry = await own?.settled?.(exchange, settlement.receipt);
      const receipt = { ...settlement.receipt, extensions: { [offerReceiptKey]: entry } };
      return original(exchange, goods, { ...settlement, receipt });
    }),
  },
];
