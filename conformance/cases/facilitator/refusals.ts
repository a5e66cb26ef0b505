import {
  accepted,
  type Case,
  defineCase,
  type Endpoint,
  isObject,
  type Merchant,
  type Order,
  type OrderChange,
  type ReplyCheck,
  replies,
  trying,
} from "../../engine/facilitator/index.ts";
import { field, Unproven } from "../../engine/index.ts";
import { atPrice } from "./price.ts";
import { isBoolean, isString, isText } from "./shapes.ts";
import { stranger } from "./stranger.ts";

/** A payment that can be read and cannot be settled, and how the chain comes to refuse it, where that is why. */
interface Refusable {
  /** How a finding begins. */
  readonly what: string;
  readonly change?: OrderChange;
  readonly befall?: (t: Merchant, order: Order) => Promise<void>;
}

/** The payer is frozen last: it pays nothing any more. */
const refusables: readonly Refusable[] = [
  { what: "Underpaid", change: { authorization: (a) => ({ ...a, value: a.value - 1n }) } },
  { what: "Paid to another than payTo", change: { authorization: (a) => ({ ...a, to: stranger }) } },
  { what: "Signed by a stranger", change: { signedByStranger: true } },
  {
    what: "Expired",
    change: { authorization: (a) => ({ ...a, validAfter: 0n, validBefore: a.validAfter }) },
  },
  {
    what: "Not valid yet",
    change: {
      authorization: (a) => ({
        ...a,
        validAfter: a.validBefore + 3_600n,
        validBefore: a.validBefore + 7_200n,
      }),
    },
  },
  {
    what: "More than the payer holds",
    change: {
      terms: (terms) => atPrice(terms, String(fortune)),
      authorization: (a) => ({ ...a, value: fortune }),
    },
  },
  { what: "Spent on chain by somebody else", befall: (t, order) => t.spendOnChain(order) },
  { what: "Cancelled by the payer", befall: (t, order) => t.cancelOnChain(order) },
  { what: "Of an account that the issuer froze", befall: (t) => t.blacklistPayer() },
];

/** More than any payer of a case holds, in atomic units. */
const fortune = 10n ** 15n;

/** A seller reads the verdict and the reason from an answer, whatever the payment is refused for. */
export const refusalCases: readonly Case[] = [
  defineCase({
    id: "facilitator.api.every-refusal-of-verify-has-its-shape",
    requirement: "F-API-01",
    title: "/verify answers with isValid and a reason, whatever a payment is refused for",
    control: (t) => t.verify().expect(accepted),
    probe: (t) =>
      answersEach(
        t,
        "verify",
        replies("isValid", "a boolean", isBoolean),
        replies("invalidReason", "a reason", isText),
      ),
  }),
  defineCase({
    id: "facilitator.api.every-refusal-of-settle-has-its-shape",
    requirement: "F-API-02",
    title:
      "/settle answers with success, transaction, network and a reason, whatever a payment is refused for",
    control: (t) => t.settle().expect(accepted),
    probe: (t) =>
      answersEach(
        t,
        "settle",
        replies("success", "a boolean", isBoolean),
        replies("transaction", "a string", isString),
        replies("network", "a string", isString),
        replies("errorReason", "a reason", isText),
      ),
  }),
];

/** What is accepted, or breaks the facilitator, is no refusal: other cases find it. */
async function answersEach(t: Merchant, endpoint: Endpoint, ...shape: readonly ReplyCheck[]): Promise<void> {
  let refused = 0;
  for (const { what, change, befall } of refusables) {
    const order = await t.order(change);
    await befall?.(t, order);
    const inShape: ReplyCheck = async (reply) => {
      if (isYes(reply) || reply.answer.status >= 500) return;
      if (reply.answer.status === 429) throw new Unproven("It answered 429: too many requests.");
      refused += 1;
      await trying(what, isObject, ...shape)(reply);
    };
    await t.present(endpoint, order).expect(inShape).done();
  }
  if (refused === 0) throw new Unproven("It refused none of the payments that cannot be settled.");
}

function isYes({ json }: Parameters<ReplyCheck>[0]): boolean {
  return field(json, "isValid") === true || field(json, "success") === true;
}
