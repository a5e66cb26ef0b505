import { type Answer, type Exchange, jsonAnswer } from "../exchange.ts";
import { unavailableStatus } from "./refuse.ts";

/** An exchange with all that its offer needs to know of the facilitator; or why it can make none. */
export type Inquired =
  | { readonly kind: "known"; readonly exchange: Exchange }
  | { readonly kind: "unavailable"; readonly answer: Answer };

/** Who pays `upto` signs for the facilitator that is to settle it, so a challenge has to name its account (upto on EVM, §2). */
export async function inquire(exchange: Exchange): Promise<Inquired> {
  const { route, seller } = exchange;
  if (route.paidBy !== "upto" || route.price === undefined) return { kind: "known", exchange };
  const found = await seller.facilitator.uptoSettler(seller.terms.network);
  if (found.kind === "known") return { kind: "known", exchange: { ...exchange, settler: found.settler } };
  seller.log.warn(found.failure, "the facilitator does not tell who settles upto");
  return {
    kind: "unavailable",
    answer: jsonAnswer(unavailableStatus[found.failure.cause], {
      error: "What this costs could not be found out. Nothing was charged.",
    }),
  };
}
