import type { FacilitatorRequest } from "../../protocol/index.ts";
import type { Exchange, Goods } from "../exchange.ts";

/**
 * What is settled for the goods: of `upto`, what the handler charges, in place of the most that the buyer permitted
 * (upto, §5).
 */
export function charge(_exchange: Exchange, order: FacilitatorRequest, goods: Goods): FacilitatorRequest {
  if (goods.charge === undefined) return order;
  return {
    ...order,
    paymentRequirements: { ...order.paymentRequirements, amount: String(goods.charge) },
  };
}
