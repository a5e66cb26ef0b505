import { recoverTypedDataAddress } from "viem";
import {
  authorizationTypedData,
  type FacilitatorRequest,
  parseExactEvmPayload,
  sellerSteps,
  tokenDomain,
} from "#sandbox";
import { type Mutant, replacing } from "../mutant.ts";
import { ofBothPermits } from "./of-both-permits.ts";
import { noTransaction } from "./retry.ts";

/** Sellers that are too strict or too trusting with what stands in a payment beside its terms and its signature. */
export const envelopeMutants: readonly Mutant[] = [
  overlooking("the-timeout", "maxTimeoutSeconds", ["seller.terms.timeout-changed"], (accepted, own) => ({
    ...accepted,
    maxTimeoutSeconds: own.maxTimeoutSeconds,
  })),
  overlooking("what-extra-lacks", "extra", ["seller.terms.extra-left-out"], (accepted, own) => ({
    ...accepted,
    extra: { ...accepted.extra, name: own.extra?.name },
  })),
  {
    id: "overlooks-the-resource",
    breaks: "Does not look which resource a payment names.",
    caughtBy: ["seller.terms.other-resource"],
    build: replacing("match", (original, reached) => (exchange, offer, payment) => {
      const { resource, ...payload } = payment.payload;
      if (resource?.url !== offer.resource.url) reached();
      return original(exchange, offer, { ...payment, payload });
    }),
  },
  insisting({
    id: "insists-on-the-resource",
    breaks: "Refuses a payment that does not repeat the resource.",
    caughtBy: ["seller.terms.resource-left-out"],
    objects: ({ resource }) => resource === undefined,
  }),
  insisting({
    id: "insists-on-known-extensions",
    breaks: "Refuses a payment with an extension that it does not know.",
    caughtBy: ["seller.terms.unknown-extension"],
    objects: ({ extensions = {} }) => Object.keys(extensions).some((name) => name.endsWith("unknown")),
  }),
  insisting({
    id: "insists-on-an-echo",
    breaks: "Refuses a payment that echoes no extension, as older clients make it.",
    caughtBy: ["seller.extensions.left-out", "seller.identifier.required-and-missing"],
    objects: ({ extensions }) => extensions === undefined,
  }),
  insisting({
    id: "insists-on-every-echo",
    breaks: "Refuses a payment that echoes only those extensions that its buyer knows.",
    caughtBy: ["seller.extensions.left-out"],
    objects: ({ extensions }) => extensions !== undefined && Object.keys(extensions).length === 1,
  }),
  insisting({
    id: "insists-on-the-same-extra",
    breaks: "Refuses a payment whose `extra` has one key more.",
    caughtBy: ["seller.terms.extra-added"],
    objects: ({ accepted }, own) =>
      Object.keys(accepted.extra ?? {}).some((key) => !Object.hasOwn(own.extra ?? {}, key)),
  }),
  {
    id: "confused-by-letter-case",
    breaks: "Looks the token up by the spelling that the buyer uses, and crashes.",
    caughtBy: ["seller.terms.asset-in-another-letter-case"],
    build: replacing("match", (original, reached) => (exchange, offer, payment) => {
      const { asset } = payment.payload.accepted;
      if (
        asset === offer.requirements.asset ||
        asset.toLowerCase() !== offer.requirements.asset.toLowerCase()
      )
        return original(exchange, offer, payment);
      reached();
      throw new TypeError("Cannot read properties of undefined (reading 'decimals')");
    }),
  },
  {
    id: "believes-that-it-was-paid-upfront",
    breaks: "Takes nothing from a buyer who says that the money went ahead.",
    caughtBy: ["seller.terms.other-payment-flow"],
    build: replacing("settle", (original, reached) => (exchange, order) => {
      if (order.paymentPayload.accepted.extra?.paymentFlow !== "upfront") return original(exchange, order);
      reached();
      const { network } = order.paymentRequirements;
      return { kind: "settled", receipt: { success: true, transaction: noTransaction, network } };
    }),
  },
  {
    id: "lends-to-smart-accounts",
    breaks: "Does not settle what a smart account pays, because no key of its address has signed.",
    caughtBy: ["seller.settlement.false-yes-to-a-forged-payment", "seller.authorization.smart-account"],
    build: replacing("settle", (original, reached) => async (exchange, order) => {
      const domain = tokenDomain(order.paymentRequirements);
      const payload = parseExactEvmPayload(order.paymentPayload.payload);
      if (!domain.ok || !payload.ok) return original(exchange, order);
      const { authorization, signature } = payload.value;
      const typedData = authorizationTypedData(domain.value, authorization);
      const signer = await recoverTypedDataAddress({ ...typedData, signature }).catch(() => undefined);
      if (signer?.toLowerCase() === authorization.from.toLowerCase()) return original(exchange, order);
      reached();
      const { network } = order.paymentRequirements;
      return { kind: "settled", receipt: { success: true, transaction: noTransaction, network } };
    }),
  },
  {
    id: "takes-permit2-on-trust",
    breaks: "Serves a payment by Permit2, which it does not offer, and means to collect it later.",
    caughtBy: ["seller.terms.other-transfer-method", ...ofBothPermits("sold")],
    build: (reached) => ({
      steps: {
        ...sellerSteps,
        decode: async (exchange) => {
          const payload = exchange.seller.protocols[0].readPayment(exchange.request.headers, exchange.offer);
          if (payload?.ok !== true || payload.value.payload.permit2Authorization === undefined)
            return sellerSteps.decode(exchange);
          reached();
          const payTo = exchange.seller.terms.payTo;
          const authorization = {
            ...{ from: payTo, to: payTo, value: "0", validAfter: "0", validBefore: "0" },
            nonce: `0x${"1".repeat(64)}` as const,
          };
          return { kind: "paid", payment: { payload: payload.value, authorization } };
        },
        verify: (exchange, order) =>
          isByPermit2(order) ? { kind: "verified" } : sellerSteps.verify(exchange, order),
        settle: (exchange, order) => {
          if (!isByPermit2(order)) return sellerSteps.settle(exchange, order);
          const { network } = order.paymentRequirements;
          return { kind: "settled", receipt: { success: true, transaction: noTransaction, network } };
        },
      },
    }),
  },
  {
    id: "verifies-on-the-buyers-terms",
    breaks: "Sends the buyer's copy of the terms to /verify as its own.",
    caughtBy: ["seller.terms.own-terms-sent-to-verify"],
    build: replacing("verify", (original, reached) => (exchange, order) => {
      reached();
      return original(exchange, onTheBuyersTerms(order));
    }),
  },
  {
    id: "settles-on-the-buyers-terms",
    breaks: "Sends the buyer's copy of the terms to /settle as its own.",
    caughtBy: ["seller.terms.own-terms-sent-to-settle"],
    build: replacing("settle", (original, reached) => (exchange, order) => {
      reached();
      return original(exchange, onTheBuyersTerms(order));
    }),
  },
  {
    id: "settles-without-a-version",
    breaks: "Leaves the version out of what it sends to /settle.",
    caughtBy: ["seller.terms.calls-name-the-version"],
    build: replacing("settle", (original, reached) => (exchange, order) => {
      reached();
      return original(exchange, Object.assign({}, order, { x402Version: undefined }));
    }),
  },
];

type Accepted = FacilitatorRequest["paymentRequirements"];

/** Does not look at a part of what the buyer accepted. */
function overlooking(
  what: string,
  key: keyof Accepted,
  caughtBy: readonly string[],
  correct: (accepted: Accepted, own: Accepted) => Accepted,
): Mutant {
  return {
    id: `overlooks-${what}`,
    breaks: `Does not compare accepted.${key}.`,
    caughtBy,
    build: replacing("match", (original, reached) => (exchange, offer, payment) => {
      reached();
      const accepted = correct(payment.payload.accepted, offer.requirements);
      return original(exchange, offer, { ...payment, payload: { ...payment.payload, accepted } });
    }),
  };
}

/** Refuses what it need not refuse. */
function insisting(
  mutant: Pick<Mutant, "id" | "breaks" | "caughtBy"> & {
    objects: (payment: FacilitatorRequest["paymentPayload"], own: Accepted) => boolean;
  },
): Mutant {
  const { objects, ...rest } = mutant;
  return {
    ...rest,
    build: replacing("match", (original, reached) => (exchange, offer, payment) => {
      if (!objects(payment.payload, offer.requirements)) return original(exchange, offer, payment);
      reached();
      return { kind: "refused", refusal: { kind: "mismatch", reason: "unexpected payment" } };
    }),
  };
}

/** The same order, on the terms that the buyer says it accepted. */
function onTheBuyersTerms(order: FacilitatorRequest): FacilitatorRequest {
  return { ...order, paymentRequirements: order.paymentPayload.accepted };
}

function isByPermit2({ paymentPayload }: FacilitatorRequest): boolean {
  return paymentPayload.payload.permit2Authorization !== undefined;
}
