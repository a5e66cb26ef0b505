import {
  type Case,
  type Check,
  defineCase,
  expectField,
  Finding,
  failedClosed,
  field,
  noWork,
  receipt,
  type Script,
  served,
  settled,
  status,
  withheld,
} from "../../engine/index.ts";

const aSale: Script = (t) => t.buy().expect(served, settled(1));

/** What a seller does when the facilitator refuses, fails or lies. */
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
      await t.underFault("settle-refuses", t.buy().expect(withheld));
    },
  }),
  defineCase({
    id: "seller.settlement.failure-withholds-the-handlers-headers",
    requirement: "S-ORD-06",
    title: "When settlement fails, none of the handler's headers are in the answer",
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      const unpaid = await t.ask().done();
      const sold = await t.buy().done();
      const { answer } = await t.underFault("settle-refuses", t.buy());
      const everyday = new Set([...Object.keys(unpaid.answer.headers), ...harmlessHeaders]);
      const leaked = Object.keys(answer.headers).filter(
        (name) => !everyday.has(name) && name in sold.answer.headers,
      );
      if (leaked.length > 0)
        throw new Finding(
          "Headers of the paid answer leaked.",
          "none of the handler's headers",
          leaked.join(", "),
        );
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
        throw new Finding("The refusal has no fresh challenge.", dialect.challengePlace, "none");
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
  ...(
    ["verify-500", "verify-html", "verify-truncated", "verify-without-verdict", "verify-hangs-up"] as const
  ).map((fault) =>
    defineCase({
      id: `seller.settlement.fails-closed-on-${fault}`,
      requirement: "S-PAY-24",
      title: `Fails closed when the facilitator misbehaves: ${fault}`,
      needs: ["own-facilitator"],
      control: aSale,
      probe: async (t) => {
        await t.underFault(fault, t.buy().expect(failedClosed, withheld, noWork, settled(0)));
      },
    }),
  ),
  ...(
    [
      "settle-500",
      "settle-html",
      "settle-truncated",
      "settle-without-transaction",
      "settle-hangs-up",
    ] as const
  ).map((fault) =>
    defineCase({
      id: `seller.settlement.delivers-nothing-on-${fault}`,
      requirement: "S-PAY-24",
      title: `Delivers nothing when the facilitator misbehaves: ${fault}`,
      needs: ["own-facilitator"],
      control: aSale,
      probe: async (t) => {
        await t.underFault(fault, t.buy().expect(failedClosed, withheld, settled(0)));
      },
    }),
  ),
  defineCase({
    id: "seller.settlement.pending-is-not-success",
    requirement: "S-ORD-14",
    title: "A settlement that is still pending is not reported as success",
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      await t.underFault("settle-pending", t.buy().expect(failedClosed, withheld, noSuccess));
    },
  }),
  defineCase({
    id: "seller.settlement.internals-stay-inside",
    requirement: "S-PAY-25",
    title: "The facilitator's internal error text does not reach the buyer",
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      const { answer } = await t.underFault("verify-500", t.buy());
      const shown = [answer.body, ...Object.values(answer.headers), decodedChallenge(answer.headers)].join(
        "\n",
      );
      const leak = /10\.1\.2\.3|db\.js|Pool\.connect/.exec(shown)?.[0];
      if (leak !== undefined)
        throw new Finding("The facilitator's raw error reached the buyer.", "no internal text", leak);
    },
  }),
];

/** No receipt claims that the payment succeeded. */
const noSuccess: Check = ({ answer, dialect }) => {
  const reading = dialect.readReceipt(answer);
  if (reading.kind !== "receipt" || field(reading.receipt, "success") !== true) return;
  throw new Finding("The receipt claims success.", "no receipt, or one with success:false", "success:true");
};

/** Headers that any server may set on one answer and not on another. */
const harmlessHeaders = [
  "connection",
  "content-length",
  "content-type",
  "date",
  "etag",
  "keep-alive",
  "last-modified",
  "server",
  "transfer-encoding",
  "vary",
  "cache-control",
  "payment-response",
  "payment-required",
  "x-payment-response",
  "x-powered-by",
];

function decodedChallenge(headers: Readonly<Record<string, string>>): string {
  return Buffer.from(headers["payment-required"] ?? "", "base64").toString("utf8");
}
