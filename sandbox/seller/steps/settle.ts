import type { FacilitatorRequest } from "../../protocol/index.ts";
import type { Exchange } from "../exchange.ts";
import type { Settlement } from "../facilitator-client.ts";

/** Lets the facilitator move the money. A transfer still pending is asked about once more (x402 v2 §9). */
export async function settle({ seller }: Exchange, order: FacilitatorRequest): Promise<Settlement> {
  const first = await seller.facilitator.settle(order);
  const settlement = first.kind === "pending" ? await again(seller.facilitator.settle(order), first) : first;
  if (settlement.kind === "unknown")
    seller.log.warn(settlement.failure, "outcome of a settlement is not known");
  return settlement;
}

/** An answer that was lost, or names no transaction, tells less than the pending one: that may still be mined. */
async function again(second: Promise<Settlement>, pending: Settlement): Promise<Settlement> {
  const settlement = await second;
  if (settlement.kind === "unknown") return pending;
  return settlement.kind === "failed" && settlement.receipt.transaction === "" ? pending : settlement;
}
