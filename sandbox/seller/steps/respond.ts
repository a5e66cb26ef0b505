import type { HttpParts } from "../../protocol/index.ts";
import { type Answer, type Goods, jsonAnswer, type PricedExchange } from "../exchange.ts";
import { enrich } from "../extensions/index.ts";
import type { Settlement } from "../facilitator-client.ts";
import { paidIn } from "../protocols.ts";
import { unavailableStatus } from "./refuse.ts";

/**
 * Hands over the goods with the receipt once the money has moved, in the version in which the buyer paid. Otherwise nothing of the handler's answer is
 * shown: a failed or pending settlement is a 402 with its receipt (http transport v2, Settlement Response Delivery),
 * an unknown one a 5xx without, since any receipt would claim to know.
 */
export async function respond(
  exchange: PricedExchange,
  goods: Goods,
  settlement: Settlement,
): Promise<Answer> {
  const protocol = paidIn(exchange) ?? exchange.seller.protocols[0];
  switch (settlement.kind) {
    case "settled":
      return withReceipt(goods, protocol.writeReceipt(await enrich(exchange, settlement.receipt)));
    case "failed":
    case "pending": {
      const { headers, body } = protocol.writeFailure(settlement.receipt, exchange.offer);
      return { status: 402, headers: { ...headers, "cache-control": "no-store" }, body };
    }
    case "unknown":
      return jsonAnswer(unavailableStatus[settlement.failure.cause], {
        error: "The outcome of the payment is not known. Send the same request with the same payment again.",
      });
  }
}

function withReceipt(goods: Answer, { headers }: HttpParts): Answer {
  return keptPrivate({ ...goods, headers: { ...goods.headers, ...headers } });
}

/** Paid content belongs to one buyer, so no shared cache may keep it. */
export function keptPrivate(answer: Answer): Answer {
  return {
    ...answer,
    headers: { ...answer.headers, "cache-control": privately(answer.headers["cache-control"]) },
  };
}

function privately(cacheControl = ""): string {
  const directives = cacheControl.split(",").map((directive) => directive.trim());
  const kept = directives.filter(
    (directive) => directive !== "" && !/^(public|private|s-maxage=.*)$/i.test(directive),
  );
  return [...kept, "private"].join(", ");
}
