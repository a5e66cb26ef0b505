import { describeJson, Finding, field } from "../../engine/index.ts";
import {
  type Case,
  type Check,
  defineCase,
  expectField,
  failedClosed,
  noSuccess,
  noWork,
  provenWithheld,
  provided,
  receipt,
  settled,
  status,
  type Trader,
  withheld,
} from "../../engine/seller/index.ts";
import { handlerHeaders, requireNoneOf } from "./handler-headers.ts";
import { aSale } from "./sale.ts";

/** What a seller does when a payment does not verify or settle. */
export const settlementCases: readonly Case[] = [
  defineCase({
    id: "seller.settlement.failure-is-402",
    requirement: "S-ORD-03",
    title: "When settlement fails, the answer is 402",
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      await t.underFault("settle-refuses", t.buy().expect(status(402), settled(0)));
    },
  }),
  defineCase({
    id: "seller.settlement.failure-has-a-receipt",
    requirement: "S-ORD-04",
    title: "When settlement fails, PAYMENT-RESPONSE says success:false and why",
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      const readsAsFailure = receipt((r) => {
        expectField(r, "success", "false", (value) => value === false);
        expectField(r, "errorReason", "a reason", (value) => typeof value === "string" && value !== "");
        expectField(r, "transaction", "a string", (value) => typeof value === "string");
        expectField(r, "network", "a string", (value) => typeof value === "string");
      });
      await t.underFault("settle-refuses", t.buy().expect(readsAsFailure));
    },
  }),
  defineCase({
    id: "seller.settlement.failure-withholds-the-body",
    requirement: "S-ORD-05",
    title: "When settlement fails, the paid content is not in the answer",
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      await t.underFault("settle-refuses", t.buy().expect(provenWithheld));
    },
  }),
  defineCase({
    id: "seller.settlement.failure-withholds-the-handlers-headers",
    requirement: "S-ORD-06",
    title: "When settlement fails, none of the handler's headers are in the answer",
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      const ofTheHandler = await handlerHeaders(t);
      const { answer } = await t.underFault("settle-refuses", t.buy());
      requireNoneOf(ofTheHandler, answer);
    },
  }),
  defineCase({
    id: "seller.settlement.verify-refusal-is-402-with-a-challenge",
    requirement: "S-PAY-21",
    title: "A payment that does not verify is answered with 402, a fresh challenge and the reason",
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      const hasChallenge: Check = ({ answer, dialect }) => {
        if (dialect.isOffered(answer)) return;
        const reading = dialect.readChallenge(answer);
        const actual =
          reading.stage === "object"
            ? `x402Version ${describeJson(field(reading.challenge, "x402Version"))}`
            : reading.problem;
        throw new Finding("The refusal has no fresh challenge.", dialect.challengePlace, actual);
      };
      await t.underFault("verify-refuses", t.buy().expect(status(402), hasChallenge, settled(0)));
    },
  }),
  defineCase({
    id: "seller.settlement.unverified-work-is-not-done",
    requirement: "S-ORD-01",
    title: "Nothing is delivered for a payment that does not verify",
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      await t.underFault("verify-refuses", t.buy().expect(withheld, noWork));
    },
  }),
  defineCase({
    id: "seller.settlement.forged-payment-does-no-work",
    requirement: "S-ORD-01",
    title: "The paid handler does not run for a payment that the payer did not sign",
    control: aSale,
    probe: (t) => t.buy({ signedByStranger: true }).expect(withheld, noWork),
  }),
  defineCase({
    id: "seller.settlement.pending-is-not-success",
    requirement: "S-ORD-14",
    title: "A settlement that is still pending is not reported as success",
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      await t.underFault("settle-pending-unmined", t.buy().expect(failedClosed, withheld, noSuccess));
    },
  }),
  defineCase({
    id: "seller.settlement.pending-is-asked-once-more",
    requirement: "S-ORD-13",
    title: "After settlement_pending the seller settles the same payment once more",
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      await t.underFault("settle-pending", t.buy().expect(settledTwice(t)), { times: 1 });
    },
  }),
  defineCase({
    id: "seller.settlement.failure-asks-for-nothing",
    requirement: "S-ORD-07",
    title: "The 402 for a failed settlement has no challenge: to pay again is to ask again",
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      await t.underFault("settle-refuses", t.buy().expect(provided(status(402)), noChallenge));
    },
  }),
];

/** A second challenge beside the receipt. */
const noChallenge: Check = ({ answer }) => {
  if (answer.headers["payment-required"] === undefined) return;
  throw new Finding(
    "The failed settlement asks for payment again.",
    "no PAYMENT-REQUIRED header",
    "there is one",
  );
};

/** The facilitator was asked to settle this payment twice, in the same words; or the seller found the transfer itself. */
function settledTwice(t: Trader): Check {
  return async ({ payment, answer, transfers }) => {
    if (answer.status < 300 && (await transfers()).length > 0) return;
    const nonce = payment?.id.toLowerCase();
    const calls = (await t.facilitatorSaw())
      .filter(({ endpoint }) => endpoint === "settle")
      .map(({ request }) => JSON.stringify(request))
      .filter((request) => nonce !== undefined && request.toLowerCase().includes(nonce));
    if (calls.length >= 2 && new Set(calls).size === 1) return;
    throw new Finding(
      "A pending settlement was not asked about once more.",
      "a second, equal call of /settle",
      calls.length < 2 ? `${calls.length} call(s)` : "calls that differ",
    );
  };
}
