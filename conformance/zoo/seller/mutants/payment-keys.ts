import { type Exchange, type SellerSteps, sellerSteps } from "#sandbox";
import type { Mutant } from "../mutant.ts";

/** Who pays, as the buyer wrote it. */
type Signed = Parameters<SellerSteps["claim"]>[2]["authorization"];

/** Sellers that tell payments that are in use apart by the wrong key. */
export const paymentKeyMutants: readonly Mutant[] = [
  claiming({
    id: "claims-by-spelled-nonce",
    breaks: "Knows payments by their nonce as it is spelled: in other letters it is another payment.",
    caughtBy: ["seller.replay.other-spellings-at-once"],
    key: (_exchange, { from, nonce }) => `${from.toLowerCase()} ${nonce}`,
  }),
  claiming({
    id: "claims-by-spelled-payer",
    breaks: "Knows payments by their payer's address as it is spelled.",
    caughtBy: ["seller.replay.other-spellings-at-once"],
    key: (_exchange, { from, nonce }) => `${from} ${nonce.toLowerCase()}`,
  }),
  claiming({
    id: "claims-by-folded-keys",
    breaks:
      "Reads what it knows payments by from keys in any letter case, the last of which holds, as Go's encoding/json does.",
    caughtBy: ["seller.replay.second-keys-at-once"],
    key: ({ request }, { from, nonce }) => {
      const text = paymentTextOf(request);
      const [lastNonce, lastPayer] = [valuesOf(text, /"nonce"/i).at(-1), valuesOf(text, /"from"/i).at(-1)];
      return `${lastPayer ?? from} ${lastNonce ?? nonce}`.toLowerCase();
    },
  }),
  claiming({
    id: "claims-by-the-first-of-two",
    breaks:
      "Reads what it knows payments by from the first of equal keys, and its facilitator from the last.",
    caughtBy: ["seller.replay.second-keys-at-once"],
    key: ({ request }, { from, nonce }) => {
      const text = paymentTextOf(request);
      const [firstNonce, firstPayer] = [valuesOf(text, /"nonce"/)[0], valuesOf(text, /"from"/)[0]];
      return `${firstPayer ?? from} ${firstNonce ?? nonce}`.toLowerCase();
    },
  }),
  claiming({
    id: "claims-by-path",
    breaks: "Knows payments for each route by itself, and binds them to none.",
    caughtBy: ["seller.replay.two-routes-at-once"],
    key: ({ route }, { from, nonce }) => `${route.path} ${from} ${nonce}`.toLowerCase(),
    isUnbound: true,
  }),
  claiming({
    id: "claims-by-url",
    breaks: "Knows payments for each URL by itself, and binds them to none.",
    caughtBy: ["seller.replay.two-queries-at-once", "seller.replay.two-routes-at-once"],
    key: ({ request }, { from, nonce }) => `${request.url} ${from} ${nonce}`.toLowerCase(),
    isUnbound: true,
  }),
];

/** The JSON text of the payment that came with a request, of either version. */
function paymentTextOf({ headers }: Exchange["request"]): string {
  const header = headers["payment-signature"] ?? headers["x-payment"];
  return Buffer.from(String(header), "base64").toString("utf8");
}

/** The hex values that stand in a JSON text under a key, in their order. */
function valuesOf(text: string, key: RegExp): string[] {
  const pairs = new RegExp(`${key.source}:"(0x[0-9a-f]+)"`, key.ignoreCase ? "gi" : "g");
  return [...text.matchAll(pairs)].map(([, value = ""]) => value);
}

/** Knows payments that are in use by another key; an unbound one may be for any request of its price. */
function claiming({
  key,
  isUnbound = false,
  ...mutant
}: Pick<Mutant, "id" | "breaks" | "caughtBy"> & {
  readonly key: (exchange: Exchange, signed: Signed) => string;
  readonly isUnbound?: boolean;
}): Mutant {
  const build: Mutant["build"] = (reached) => ({
    ...(isUnbound
      ? { extensions: (own) => own.filter((one) => one.key !== "bazaar" && one.key !== "sign-in-with-x") }
      : {}),
    steps: {
      ...sellerSteps,
      offer: async (exchange) => {
        const offer = await sellerSteps.offer(exchange);
        if (offer === undefined || !isUnbound) return offer;
        const { requestHash: _, ...extra } = offer.requirements.extra ?? {};
        return { ...offer, requirements: { ...offer.requirements, extra } };
      },
      claim: (exchange, { requestHash }, payment) => {
        reached();
        const claimed = exchange.seller.claims.take({
          authorization: key(exchange, payment.authorization),
          purchase: `${requestHash} ${JSON.stringify(payment.payload.payload)}`,
          validBefore: BigInt(payment.authorization.validBefore),
        });
        if (claimed.kind === "granted" || claimed.kind === "resumed") return claimed;
        return { kind: "refused", refusal: { kind: "claimed", reason: `this payment is ${claimed.kind}` } };
      },
    },
  });
  return { ...mutant, build };
}
