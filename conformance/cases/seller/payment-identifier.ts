import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { Finding, NotApplicable, withIdentifier } from "../../engine/index.ts";
import {
  type Case,
  defineCase,
  type GroupCheck,
  type Observed,
  type PaymentChange,
  provided,
  refused,
  refusedCleanly,
  served,
  servedAndCharged,
  settled,
  settledBeforeAnswer,
  settledOrWithheld,
  status,
  type Trader,
  turnedAway,
} from "../../engine/seller/index.ts";
import { offeredExtension } from "./extension-offers.ts";

/** Payments that have a name (extension payment-identifier), for sellers that offer to know them by it. */
export const paymentIdentifierCases: readonly Case[] = [
  defineCase({
    id: "seller.identifier.same-payment-gets-its-answer",
    requirement: "S-RPL-04",
    title: "The same payment under the same id gets the same answer, and is not charged again",
    control: buyFromWhoUsesIds,
    probe: async (t) => {
      const first = await t.buy(named()).expect(provided(servedAndCharged)).done();
      await t.resend(t.lastPayment).expect(served, sameBodyAs(first), settled(0)).done();
    },
  }),
  defineCase({
    id: "seller.identifier.repeated-answer-has-the-receipt",
    requirement: "S-RPL-09",
    title: "The answer that an id brings back has the receipt that the first one had",
    control: buyFromWhoUsesIds,
    probe: async (t) => {
      const first = await t.buy(named()).expect(provided(servedAndCharged)).done();
      await t.resend(t.lastPayment).expect(provided(served), sameReceiptAs(first)).done();
    },
  }),
  defineCase({
    id: "seller.identifier.same-payment-at-once",
    requirement: "S-RPL-04",
    title: "One payment sent eight times at once under one id is processed and charged once",
    control: buyFromWhoUsesIds,
    probe: async (t) => {
      const payment = await t.prepare(named());
      await t.meeting(8, t.together(8, payment)).expect(processedOnce).done();
    },
  }),
  defineCase({
    id: "seller.identifier.other-payment-is-a-conflict",
    requirement: "S-RPL-05",
    title: "Another payment under an id that was used is answered with 409, and not taken",
    control: buyFromWhoUsesIds,
    probe: async (t) => {
      const change = named();
      await t.buy(change).expect(provided(servedAndCharged)).done();
      await t.buy(change).expect(turnedAway, status(409)).done();
    },
  }),
  ...[
    { flaw: "too-short", id: "a".repeat(15), what: "of 15 characters" },
    { flaw: "too-long", id: "a".repeat(129), what: "of 129 characters" },
    { flaw: "of-other-characters", id: "order 4711 from Genève", what: "with spaces and accents" },
  ].map(({ flaw, id, what }) =>
    defineCase({
      id: `seller.identifier.${flaw}`,
      requirement: "S-RPL-07",
      title: `An id ${what} is no id, and its payment is not taken`,
      control: buyFromWhoUsesIds,
      probe: (t) => t.buy(named(id)).expect(refusedCleanly, turnedAway),
    }),
  ),
  defineCase({
    id: "seller.identifier.stranger-with-the-id",
    requirement: "S-RPL-08",
    title: "Who knows the id of another's payment, and cannot pay, gets nothing",
    control: buyNamed,
    probe: async (t) => {
      const change = named();
      await t.buy(change).expect(provided(servedAndCharged)).done();
      await t
        .buy({ ...change, byUnfundedPayer: true })
        .expect(turnedAway)
        .done();
    },
  }),
  defineCase({
    id: "seller.identifier.forged-copy",
    requirement: "S-RPL-08",
    title: "A copy of a named payment with another signature gets nothing",
    control: buyNamed,
    probe: async (t) => {
      const change = named();
      await t.buy(change).expect(provided(servedAndCharged)).done();
      const { authorization } = t.lastPayment;
      await t
        .buy({ ...change, authorization: () => authorization, signedByStranger: true })
        .expect(turnedAway)
        .done();
    },
  }),
  defineCase({
    id: "seller.identifier.settled-before-delivery",
    requirement: "S-ORD-02",
    title: "Also for a named payment, the transfer is on chain before the content is delivered",
    control: buyNamed,
    probe: async (t) => {
      // Long enough for a seller that does not wait to be ahead of it.
      await t.facilitatorWill("settle-slow");
      await t.buy(named()).expect(served, settledBeforeAnswer).done();
    },
  }),
  defineCase({
    id: "seller.identifier.failed-settlement-is-no-sale",
    requirement: "S-ORD-02",
    title: "A named payment whose settlement failed buys nothing later, unless it is settled then",
    needs: ["own-facilitator"],
    control: buyNamed,
    probe: async (t) => {
      const failed = await t.underFault("settle-refuses", t.buy(named()).expect(provided(refused)));
      const again = await t.resend(t.lastPayment).done();
      await settledOrWithheld({ ...again, transfers: failed.transfers });
    },
  }),
];

/** Buys under a fresh id from a seller that announces to know ids. */
export async function buyNamed(t: Trader): Promise<void> {
  await offeredExtension(t, "payment-identifier");
  await t.buy(named()).expect(served, settled(1)).done();
}

/** A seller may leave ids to its facilitator, or to nobody: then it is not held to what they do. */
export async function buyFromWhoUsesIds(t: Trader): Promise<void> {
  await buyNamed(t);
  const answer = known.get(t.context) ?? usesIds(t);
  known.set(t.context, answer);
  if (await answer) return;
  throw new NotApplicable(
    "The seller announces payment-identifier, but makes no use of ids: a payment that comes again is refused, and another one under its id is sold.",
  );
}

/** Whether the seller of a run makes any use of ids; found out once. */
const known = new WeakMap<object, Promise<boolean>>();

async function usesIds(t: Trader): Promise<boolean> {
  const change = named();
  await t.buy(change).expect(provided(servedAndCharged)).done();
  const again = await t.resend(t.lastPayment).done();
  if (again.answer.status < 300) return true;
  const other = await t.buy(change).done();
  return other.answer.status >= 400;
}

/** A payment under an id. */
export function named(id = `assay_${randomUUID()}`): PaymentChange {
  return { envelope: (envelope) => withIdentifier(envelope, id) };
}

function sameBodyAs(first: Observed) {
  return ({ answer }: Observed) => {
    if (answer.body === first.answer.body) return;
    throw new Finding(
      "The same payment got another answer.",
      JSON.stringify(first.answer.body.slice(0, 200)),
      JSON.stringify(answer.body.slice(0, 200)),
    );
  };
}

function sameReceiptAs(first: Observed) {
  return ({ answer, dialect }: Observed) => {
    const [expected, actual] = [first.answer, answer].map(dialect.readReceipt);
    if (isDeepStrictEqual(actual, expected)) return;
    throw new Finding(
      "The answer came back without the receipt that it had.",
      JSON.stringify(expected),
      JSON.stringify(actual),
    );
  };
}

const processedOnce: GroupCheck = async (all) => {
  const [first] = all;
  if (first === undefined) return;
  await settled(1)(first);
  const runs = await Promise.all(all.map(({ workRuns }) => workRuns()));
  const worked = runs.filter((count) => count > 0).length;
  if (worked <= 1) return;
  throw new Finding("The paid work was done more than once.", "for 1 request", `for ${worked} requests`);
};
