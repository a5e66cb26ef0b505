import { type Answer, type SellerSteps, sellerSteps } from "#sandbox";
import { type Mutant, replacing } from "../mutant.ts";
import { everyUnknownSettlement } from "./failed-settlement.ts";
import { ofBothPermits } from "./of-both-permits.ts";
import { settledInTheSellersWords } from "./retry.ts";

/** Sellers that refuse, and whose receipt says success all the same. */
export const falseReceiptMutants: readonly Mutant[] = [
  claimingSuccess(
    "unknown",
    "Answers 5xx with a receipt that claims success when the facilitator did not say whether it settled.",
    everyUnknownSettlement,
  ),
  claimingSuccess("failed", "Answers 402 with a receipt that claims success when the settlement failed.", [
    "seller.settlement.failure-has-a-receipt",
    "seller.settlement.delivers-nothing-on-settle-400",
    "seller.chain.reverted",
    "seller.chain.cancelled",
    "seller.chain.front-run",
    "seller.chain.token-fails-silently",
    ...ofBothPermits("failed-settlement"),
  ]),
];

function claimingSuccess(kind: "unknown" | "failed", breaks: string, caughtBy: Mutant["caughtBy"]): Mutant {
  return {
    id: `receipt-of-the-${kind}`,
    breaks,
    caughtBy,
    build: replacing("respond", (original, reached) => async (exchange, goods, settlement) => {
      const answer = await original(exchange, goods, settlement);
      if (settlement.kind !== kind) return answer;
      reached();
      return { ...answer, headers: { ...answer.headers, ...(await receiptOfSuccess(exchange)) } };
    }),
  };
}

async function receiptOfSuccess(exchange: Parameters<SellerSteps["respond"]>[0]): Promise<Answer["headers"]> {
  const nothing = { status: 200, headers: {}, body: "" };
  const { headers } = await sellerSteps.respond(exchange, nothing, settledInTheSellersWords(exchange));
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.endsWith("payment-response")));
}
