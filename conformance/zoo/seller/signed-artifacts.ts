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
import { changing, type Mutant } from "./mutant.ts";

export const offerReceiptKey = "offer-receipt";

/** Who signs for the reference. */
export const signer = privateKeyToAccount(namedAccounts.seller.privateKey);

/** An offer or a receipt. */
export interface Signed<Payload> {
  readonly payload: Payload;
  readonly signature: string;
}

/** The extension is the reference's own, so what it signed has the shape that it gives it. */
function signedIn<Payload>(artifact: unknown): Signed<Payload> {
  return artifact as Signed<Payload>;
}

/** A mutant that changes the one offer of each challenge. */
export function offering({
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
  return {
    ...facts,
    build: (reached) => ({ extensions: changing(offerReceiptKey, (own) => changed(own, reached)) }),
  };
}

/** The same, signed over something else. */
export function offeringOf(change: (payload: OfferPayload) => Partial<OfferPayload>) {
  return async ({ payload, ...offer }: Signed<OfferPayload>) => {
    const other = { ...payload, ...change(payload) };
    return { ...offer, payload: other, signature: await signer.signTypedData(offerTypedData(other)) };
  };
}

/** A mutant that changes the receipt of each sale. */
export function receipting({
  change,
  ...facts
}: Omit<Mutant, "build"> & { readonly change: (receipt: Signed<ReceiptPayload>) => unknown }): Mutant {
  return {
    ...facts,
    build: (reached) => ({
      extensions: changing(offerReceiptKey, (own) => ({
        ...own,
        settled: async (exchange, settlement) => {
          const entry = await own.settled?.(exchange, settlement);
          if (entry === undefined) return undefined;
          reached();
          return { ...entry, info: { receipt: await change(signedIn<ReceiptPayload>(entry.info.receipt)) } };
        },
      })),
    }),
  };
}

/** The same, signed over something else. */
export function receiptOf(change: (payload: ReceiptPayload) => Partial<ReceiptPayload>) {
  return async ({ payload, ...receipt }: Signed<ReceiptPayload>) => {
    const other = { ...payload, ...change(payload) };
    return { ...receipt, payload: other, signature: await signer.signTypedData(receiptTypedData(other)) };
  };
}
