import { Finding, field, isJsonObject, parseJson } from "../../engine/index.ts";
import {
  type Case,
  defineCase,
  type Observed,
  requireNoLimit,
  settled,
  type Trader,
} from "../../engine/seller/index.ts";
import { buyFromWhoUsesIds, named } from "./payment-identifier.ts";
import { aSale } from "./sale.ts";

/** A buyer that was charged and got nothing: the same payment brings it the content, or word of what became of it. */
export const wayBackCases: readonly Case[] = [
  defineCase({
    id: "seller.settlement.lost-answer-leaves-a-way-back",
    requirement: "S-AUD-01",
    title:
      "A buyer whose settlement's answer was lost gets the content, a receipt or word of it for the same payment",
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      const first = await t.underFault("settle-answer-lost", t.buy().expect(settled(1)), { times: 1 });
      if (isServed(first)) return;
      await bringsContentOrWord(t);
      await settled(1)(first);
    },
  }),
  defineCase({
    id: "seller.identifier.lost-answer-leaves-a-way-back",
    requirement: "S-AUD-01",
    title:
      "Also for a named payment, a lost answer of the settlement is not the last word: the same payment gets the content, a receipt or word of it",
    needs: ["own-facilitator"],
    control: buyFromWhoUsesIds,
    probe: async (t) => {
      const first = await t.underFault("settle-answer-lost", t.buy(named()).expect(settled(1)), { times: 1 });
      if (isServed(first)) return;
      await bringsContentOrWord(t);
      await settled(1)(first);
    },
  }),
  defineCase({
    id: "seller.settlement.pending-leaves-a-way-back",
    requirement: "S-AUD-01",
    title:
      "A buyer whose settlement was pending is told so, or gets the content, a receipt or word of it for the same payment",
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      const first = await t.underFault("settle-pending", t.buy().expect(settled(1)));
      if (isServed(first) || namesTheTransaction(first) || /pending/i.test(reasonGiven(first))) return;
      await bringsContentOrWord(t);
      await settled(1)(first);
    },
  }),
  defineCase({
    id: "seller.settlement.hanging-up-leaves-a-way-back",
    requirement: "S-AUD-01",
    title: "A buyer that lost the connection while it was charged is not asked to pay as if it never had",
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      await t.hangUpWhileSettling(await t.prepare());
      const unpaid = await toldToEverybody(t);
      const again = await t.resend(t.lastPayment).done();
      // Any other reason is about this payment: it was the buyer who hung up.
      if (reasonGiven(again) === unpaid) requireContentOrWord(again, unpaid);
    },
  }),
];

function isServed({ answer }: Observed): boolean {
  return answer.status >= 200 && answer.status < 300;
}

/** Words of an answer that let the buyer know that its payment was taken; also within a code, such as `payment_already_used`. */
const tellsOfThePayment =
  /(?<![a-z])(nonce|already|used|spent|settled|paid|duplicate|processed|in[ _-]use)(?![a-z])/i;

async function bringsContentOrWord(t: Trader): Promise<void> {
  const unpaid = await toldToEverybody(t);
  requireContentOrWord(await t.resend(t.lastPayment).done(), unpaid);
}

/** The reason that is given to those who did not pay: it is no word of any payment. */
async function toldToEverybody(t: Trader): Promise<string> {
  return reasonGiven(await t.ask().done());
}

function requireContentOrWord(observed: Observed, unpaid: string): void {
  const { status } = observed.answer;
  // A conflict is with the payment as it was taken before.
  if (isServed(observed) || status === 409 || namesTheTransaction(observed)) return;
  requireNoLimit(observed.answer);
  const reason = reasonGiven(observed);
  if (reason !== unpaid && tellsOfThePayment.test(reason)) return;
  throw new Finding(
    "The buyer was charged, and the same payment brings neither the content nor a receipt.",
    "2xx, a receipt with the transaction, 409, or words that say that the payment was taken",
    `status ${status}, ${reason === "" ? "and no word of it" : JSON.stringify(reason)}`,
  );
}

function namesTheTransaction({ answer, dialect }: Observed): boolean {
  const reading = dialect.readReceipt(answer);
  const transaction = reading.kind === "receipt" ? field(reading.receipt, "transaction") : undefined;
  return typeof transaction === "string" && transaction !== "";
}

/** Where bodies of JSON have their words. */
const wordFields = ["error", "message", "reason", "detail"] as const;

/**
 * What an answer gives as the reason: in the challenge, in a body of JSON, or where neither is there, as the whole body.
 * Empty when it gives none.
 */
function reasonGiven({ answer, dialect }: Observed): string {
  const asked = dialect.readChallenge(answer);
  const body = parseJson(answer.body);
  if (asked.stage !== "object" && !isJsonObject(body)) return answer.body;
  const inChallenge = asked.stage === "object" ? field(asked.challenge, "error") : undefined;
  const words = [inChallenge, ...wordFields.map((key) => field(body, key))]
    .filter((word) => word !== undefined && word !== null)
    .map((word) => (typeof word === "string" ? word : JSON.stringify(word)));
  return [...new Set(words)].join("; ");
}
