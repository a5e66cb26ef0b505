import { privateKeyToAccount } from "viem/accounts";
import {
  type ExtensionEntry,
  namedAccounts,
  type OfferPayload,
  offerTypedData,
  type ReceiptPayload,
  receiptTypedData,
  type SellerExtension,
} from "#sandbox";
import { changing, type Mutant, replacing } from "../mutant.ts";

const key = "offer-receipt";
const signer = privateKeyToAccount(namedAccounts.seller.privateKey);

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
    change: async ({ payload, ...offer }) => {
      const inV1 = { ...payload, network: "base-sepolia" };
      return { ...offer, payload: inV1, signature: await signer.signTypedData(offerTypedData(inV1)) };
    },
  }),
  {
    id: "signs-receipts-as-offers",
    breaks: "Signs receipts under the domain of offers.",
    caughtBy: ["seller.offer-receipt.receipts-are-signed"],
    build: (reached) => ({
      extensions: changing(key, (own) => ({
        ...own,
        settled: async (exchange, settlement) => {
          const entry = await own.settled?.(exchange, settlement);
          if (entry === undefined) return undefined;
          reached();
          const { payload, ...receipt } = signedIn<ReceiptPayload>(entry.info.receipt);
          const { domain, ...typedData } = receiptTypedData(payload);
          const signature = await signer.signTypedData({
            ...typedData,
            domain: { ...domain, name: "x402 offer" },
          });
          return { ...entry, info: { receipt: { ...receipt, payload, signature } } };
        },
      })),
    }),
  },
  {
    id: "signs-receipts-for-failures",
    breaks: "Signs a receipt although the settlement failed.",
    caughtBy: ["seller.offer-receipt.no-receipt-for-a-failed-settlement"],
    build: replacing("respond", (original, reached) => async (exchange, goods, settlement) => {
      if (settlement.kind !== "failed") return original(exchange, goods, settlement);
      reached();
      const own = exchange.seller.extensions.find((extension) => extension.key === key);
      const entry = await own?.settled?.(exchange, settlement.receipt);
      const receipt = { ...settlement.receipt, extensions: { [key]: entry } };
      return original(exchange, goods, { ...settlement, receipt });
    }),
  },
];

interface Signed<Payload> {
  readonly payload: Payload;
  readonly signature: string;
}

/** The extension is the reference's own, so what it signed has the shape that it gives it. */
function signedIn<Payload>(artifact: unknown): Signed<Payload> {
  return artifact as Signed<Payload>;
}

/** Changes the one offer of each challenge. */
function offering({
  change,
  ...facts
}: Omit<Mutant, "build"> & { readonly change: (offer: Signed<OfferPayload>) => unknown }): Mutant {
  const changed = (own: SellerExtension, reached: () => void): SellerExtension => ({
    ...own,
    renew: async (exchange): Promise<ExtensionEntry["info"]> => {
      const { offers } = (await own.renew?.(exchange)) ?? {};
      reached();
      const [offer] = Array.isArray(offers) ? offers : [];
      return { offers: [await change(signedIn<OfferPayload>(offer))] };
    },
  });
  return { ...facts, build: (reached) => ({ extensions: changing(key, (own) => changed(own, reached)) }) };
}
