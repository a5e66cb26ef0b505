import { z } from "zod";
import { type FacilitatorMutant, type HonestAnswer, json, withSteps } from "../mutant.ts";
import { permitIn } from "../permits.ts";
import { paymentIn, taking } from "../sponsored.ts";

/** Last parts of ids of cases, of /verify and of /settle. */
function ofBothCalls(name: string): string[] {
  return [`${name}-to-verify`, `${name}-to-settle`];
}

/** The cases of a flaw of permits in all schemes, with and without an allowance. */
function ofAll(name: string): string[] {
  return ["permit2.", "upto.", "sponsoring.", "sponsoring.upto-"].flatMap((lead) =>
    ofBothCalls(`facilitator.${lead}${name}`),
  );
}

/** Facilitators that take one permit, or one demand, for another. */
export const permitMemoryMutants: readonly FacilitatorMutant[] = [
  {
    id: "remembers-payments-by-their-signature",
    breaks: "Answers a payment that it settled as it did then, whatever is demanded now.",
    caughtBy: [
      ...["settlement", "permit2", "upto", "sponsoring"].map(
        (name) => `facilitator.${name}.settled-for-other-terms`,
      ),
      "facilitator.upto.charged-once",
    ],
    build: answeringAsBefore((request) => {
      const signature = paymentIn(request)?.payload.signature;
      return signature === undefined ? undefined : { name: signature, otherwise: demandedIn(request) };
    }),
  },
  {
    id: "remembers-payments-by-their-nonce",
    breaks:
      "Answers whatever comes under the nonce of a payment that it settled, for the same price and payee, as it did then.",
    caughtBy: [
      ...["settlement", "permit2", "upto", "sponsoring"].map(
        (name) => `facilitator.${name}.settled-for-other-terms`,
      ),
      "facilitator.settlement.one-nonce-of-two-payers",
      "facilitator.permit2.nonce-of-another-payment",
      "facilitator.sponsoring.nonce-of-another-payment",
    ],
    build: answeringAsBefore((request) => {
      const [signature, nonce] = [paymentIn(request)?.payload.signature, nonceIn(request)];
      if (signature === undefined || nonce === undefined) return undefined;
      return { name: `${nonce} ${demandedIn(request)}`, otherwise: signature };
    }),
  },
  {
    id: "joins-permits-of-one-nonce",
    breaks:
      "Answers permits that come while another one under their nonce is being settled as it answers that one.",
    caughtBy: [
      "facilitator.permit2.one-nonce-for-two-payees-at-once",
      "facilitator.upto.different-charges-at-once",
      "facilitator.upto.one-nonce-for-two-payees-at-once",
    ],
    build: (reached) => {
      const underWay = new Map<string, { readonly demanded: string; readonly answer: Promise<object> }>();
      return {
        intercept: async ({ endpoint, request, proceed }) => {
          const nonce = permitIn(request)?.nonce;
          if (endpoint !== "settle" || nonce === undefined) return undefined;
          const demanded = demandedIn(request);
          const other = underWay.get(nonce);
          if (other !== undefined) {
            if (other.demanded !== demanded) reached();
            return json(200, await other.answer);
          }
          const answer = proceed();
          underWay.set(nonce, { demanded, answer });
          return json(200, await answer.finally(() => underWay.delete(nonce)));
        },
      };
    },
  },
  {
    id: "holds-permits-against-what-was-accepted",
    breaks: "Takes a permit for what its payer says to have accepted, whatever is demanded.",
    caughtBy: [...ofAll("accepted-less-and-paid-it"), "facilitator.upto.charged-more-than-permitted"],
    build: taking(
      (request, code) => code !== "" && isPaidAs(request, "accepted") && isAcceptedOtherwise(request),
    ),
  },
  {
    id: "does-not-look-at-what-permits-accept",
    breaks: "Takes a permit whose payer says to have accepted something else, if it pays what is demanded.",
    caughtBy: ofAll("accepted-another-price"),
    build: taking(
      (request, code) => code !== "" && isPaidAs(request, "demanded") && isAcceptedOtherwise(request),
    ),
  },
  {
    id: "hangs-up-on-permits-that-cannot-be-read",
    breaks: "Hangs up on whoever sends a permit with a part missing.",
    caughtBy: ["facilitator.permit2.malformed", "facilitator.upto.malformed"],
    build: (reached) => ({
      intercept: async ({ endpoint, request }) => {
        if (endpoint === "supported" || !hasPermit(request) || permitIn(request) !== undefined)
          return undefined;
        reached();
        return { kind: "hang-up" };
      },
    }),
  },
  {
    id: "charges-nothing-of-anybody",
    breaks: "Says that a charge of nothing is settled without looking at the permit.",
    caughtBy: ["facilitator.upto.forged-and-charged-nothing"],
    build: (reached) => ({
      intercept: async ({ endpoint, request, network, proceed }) => {
        if (endpoint !== "settle" || ordersIn(request)?.demanded.amount !== "0") return undefined;
        const honest: HonestAnswer = { ...(await proceed()) };
        if (honest.success === true) return json(200, honest);
        reached();
        return json(200, { success: true, transaction: "", network, amount: "0" });
      },
    }),
  },
  {
    id: "compares-payees-of-permits-letter-by-letter",
    breaks: "Refuses a permit whose payee is in other letters than payTo.",
    caughtBy: ["facilitator.permit2.addresses-in-lower-case", "facilitator.upto.addresses-in-lower-case"],
    build: (reached) => ({
      intercept: async ({ endpoint, request, network }) => {
        const payee = permitIn(request)?.witness.to;
        const payTo = ordersIn(request)?.demanded.payTo;
        if (endpoint === "supported" || payee === undefined || payTo === undefined) return undefined;
        if (payee === payTo || payee.toLowerCase() !== payTo.toLowerCase()) return undefined;
        reached();
        const code = "invalid_permit2_recipient_mismatch";
        return endpoint === "verify"
          ? json(200, { isValid: false, invalidReason: code })
          : json(200, { success: false, errorReason: code, transaction: "", network });
      },
    }),
  },
  {
    id: "verifies-permits-of-upto-without-the-chain",
    breaks: "Says that a permit of upto is valid although it was charged, or its transfer would revert.",
    caughtBy: [
      "facilitator.sponsoring.upto-transfer-would-revert-to-verify",
      "facilitator.upto.charged-does-not-verify",
      "facilitator.upto.settled-for-other-terms",
      "facilitator.upto.transfer-would-revert",
    ],
    build: (reached) => ({
      intercept: async ({ endpoint, request, proceed }) => {
        if (endpoint !== "verify" || ordersIn(request)?.demanded.scheme !== "upto") return undefined;
        const honest: HonestAnswer = { ...(await proceed()) };
        if (honest.invalidReason !== "invalid_transaction_state") return json(200, honest);
        reached();
        return json(200, { isValid: true });
      },
    }),
  },
  {
    id: "charges-the-bound-of-permits-with-an-allowance",
    breaks: "Transfers all that a permit of upto allows where it brings its allowance, whatever is charged.",
    caughtBy: ["facilitator.sponsoring.settles-upto"],
    build: withSteps((original, reached) => ({
      broadcast: (payment, desk) => {
        if (payment.method !== "permit2" || payment.sponsored === undefined)
          return original.broadcast(payment, desk);
        const { authorization, permitted } = payment;
        if (permitted === authorization.value) return original.broadcast(payment, desk);
        reached();
        return original.broadcast(
          { ...payment, authorization: { ...authorization, value: permitted } },
          desk,
        );
      },
    })),
  },
];

const termsSchema = z.looseObject({
  scheme: z.string(),
  amount: z.string(),
  asset: z.string(),
  payTo: z.string(),
});

const ordersSchema = z.object({
  paymentPayload: z.object({ accepted: termsSchema }),
  paymentRequirements: termsSchema,
});

const demandSchema = z.object({ paymentRequirements: z.looseObject({}) });

/** What is demanded in a request, and what its payer says to have accepted; `undefined` where it cannot be read. */
function ordersIn(request: unknown) {
  const parsed = ordersSchema.safeParse(request).data;
  return parsed && { accepted: parsed.paymentPayload.accepted, demanded: parsed.paymentRequirements };
}

/**
 * The reference, which answers what it knows by its `name` as it did when that was settled, also where it is `otherwise`
 * than then.
 */
function answeringAsBefore(
  read: (request: unknown) => { readonly name: string; readonly otherwise: string } | undefined,
): FacilitatorMutant["build"] {
  return (reached) => {
    const settled = new Map<string, { readonly otherwise: string; readonly answer: HonestAnswer }>();
    return {
      intercept: async ({ endpoint, request, proceed }) => {
        const call = read(request);
        if (endpoint !== "settle" || call === undefined) return undefined;
        const { name, otherwise } = call;
        const earlier = settled.get(name);
        if (earlier !== undefined && earlier.otherwise !== otherwise) {
          reached();
          return json(200, earlier.answer);
        }
        const answer: HonestAnswer = { ...(await proceed()) };
        if (answer.success === true) settled.set(name, { otherwise, answer });
        return json(200, answer);
      },
    };
  };
}

/** The nonce that a payment spends, by whichever method. */
function nonceIn(request: unknown): string | undefined {
  const authorized = authorizationSchema.safeParse(request).data;
  return authorized?.paymentPayload.payload.authorization.nonce ?? permitIn(request)?.nonce;
}

const authorizationSchema = z.object({
  paymentPayload: z.object({ payload: z.object({ authorization: z.object({ nonce: z.string() }) }) }),
});

function demandedIn(request: unknown): string {
  return JSON.stringify(demandSchema.safeParse(request).data);
}

/** Whether a permit pays what was accepted, or what is demanded, to the last unit. */
function isPaidAs(request: unknown, side: "accepted" | "demanded"): boolean {
  const [permit, orders] = [permitIn(request), ordersIn(request)];
  if (permit === undefined || orders === undefined) return false;
  const { amount, asset, payTo } = orders[side];
  return (
    permit.permitted.amount === amount && permit.permitted.token === asset && permit.witness.to === payTo
  );
}

/** Whether other terms were accepted than are demanded. A charge of `upto` may be less than was accepted. */
function isAcceptedOtherwise(request: unknown): boolean {
  const orders = ordersIn(request);
  if (orders === undefined) return false;
  const { accepted, demanded } = orders;
  return (
    accepted.asset !== demanded.asset ||
    accepted.payTo !== demanded.payTo ||
    BigInt(accepted.amount) < BigInt(demanded.amount)
  );
}

const payloadSchema = z.object({
  paymentPayload: z.object({ payload: z.looseObject({ permit2Authorization: z.unknown() }) }),
});

function hasPermit(request: unknown): boolean {
  const payload = payloadSchema.safeParse(request).data?.paymentPayload.payload;
  return payload?.permit2Authorization !== undefined;
}
