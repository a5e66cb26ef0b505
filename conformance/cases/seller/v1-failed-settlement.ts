import { acceptsEntries, Finding } from "../../engine/index.ts";
import { type Case, defineCase, expectField, type Observed, receipt } from "../../engine/seller/index.ts";
import { aSale } from "./sale.ts";

/** What only a v1 buyer is told when settlement fails; the rest is as in v2. */
export const v1FailedSettlementCases: readonly Case[] = [
  defineCase({
    id: "seller.v1.settlement-failure-has-a-receipt",
    requirement: "S1-07",
    protocol: "x402@1",
    title: "v1: When settlement fails, X-PAYMENT-RESPONSE says success:false",
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      const readsAsFailure = receipt((r) => {
        expectField(r, "success", "false", (value) => value === false);
        expectField(r, "transaction", "a string", (value) => typeof value === "string");
        expectField(r, "network", "a string", (value) => typeof value === "string");
      });
      await t.underFault("settle-refuses", t.buy().expect(readsAsFailure));
    },
  }),
  defineCase({
    id: "seller.v1.settlement-failure-asks-again",
    requirement: "S1-07",
    protocol: "x402@1",
    title: "v1: When settlement fails, the body says again how to pay",
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      await t.underFault("settle-refuses", t.buy().expect(asksToBePaid));
    },
  }),
];

function asksToBePaid({ answer, dialect }: Observed): void {
  const reading = dialect.readChallenge(answer);
  if (reading.stage === "object" && acceptsEntries(reading.challenge).length > 0) return;
  throw new Finding(
    "The answer does not say how to pay.",
    "a body with accepts",
    `status ${answer.status}, body ${JSON.stringify(answer.body.slice(0, 200))}`,
  );
}
