import type { LocalAccount } from "viem";
import {
  type OfferPayload,
  offerReceiptKey,
  offersSchema,
  offerTypedData,
  type ReceiptPayload,
  receiptSchema,
  receiptTypedData,
} from "../../protocol/index.ts";
import type { Offer } from "../exchange.ts";
import type { SellerExtension } from "./extension.ts";
import { Recent } from "./recent.ts";

/** Asking costs nothing, signing does: an offer that is the same to the second is signed once. */
const recentOffers = { seconds: 2, entries: 1_000 };

/**
 * `offer-receipt`: signs what a challenge asks for, and after delivery that it was paid, both by EIP-712. The receipt
 * does not tell the transaction (offer-receipt §5.2).
 *
 * @param signer a key that buyers know to be the seller's, such as that of `payTo`; it signs nothing on chain
 */
export function offerReceipt(signer: LocalAccount): SellerExtension {
  const recent = new Recent<ReturnType<typeof signedOffer>>(recentOffers);
  const offerOf = (payload: OfferPayload) => {
    const terms = JSON.stringify(payload);
    const signed = recent.get(terms) ?? signedOffer(signer, payload);
    recent.set(terms, signed);
    return signed;
  };
  return {
    key: offerReceiptKey,
    describe: () => ({ info: {}, schema: offersSchema }),
    renew: async ({ offer }) => ({ offers: [await offerOf(offerPayload(offer))] }),
    settled: async ({ offer }, { payer }) => {
      if (payer === undefined) return undefined;
      return {
        info: { receipt: await signedReceipt(signer, receiptPayload(offer, payer)) },
        schema: receiptSchema,
      };
    },
  };
}

function offerPayload({ resource, requirements }: Offer): OfferPayload {
  const { scheme, network, asset, payTo, amount, maxTimeoutSeconds } = requirements;
  const validUntil = now() + maxTimeoutSeconds;
  return { version: 1, resourceUrl: resource.url, scheme, network, asset, payTo, amount, validUntil };
}

function receiptPayload({ resource, requirements }: Offer, payer: string): ReceiptPayload {
  const { network } = requirements;
  return { version: 1, network, resourceUrl: resource.url, payer, issuedAt: now(), transaction: "" };
}

async function signedOffer(signer: LocalAccount, payload: OfferPayload) {
  const signature = await signer.signTypedData(offerTypedData(payload));
  return { format: "eip712", acceptIndex: 0, payload, signature };
}

async function signedReceipt(signer: LocalAccount, payload: ReceiptPayload) {
  return { format: "eip712", payload, signature: await signer.signTypedData(receiptTypedData(payload)) };
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
