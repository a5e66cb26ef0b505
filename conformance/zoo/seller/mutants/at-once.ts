import { type Answer, type Exchange, sellerSteps } from "#sandbox";
import type { Mutant } from "../mutant.ts";

/** Sellers that confuse what happens at the same moment. */
export const atOnceMutants: readonly Mutant[] = [
  {
    id: "receipts-of-others",
    breaks: "Keeps the last receipt in one place: who buys at the same moment gets that of another.",
    caughtBy: ["seller.load.own-receipts"],
    build: (reached) => {
      let last: string | undefined;
      return inACrowd((answer) => {
        const own = answer.headers["payment-response"];
        const before = last;
        last = own;
        if (own === undefined || before === undefined) return answer;
        reached();
        return { ...answer, headers: { ...answer.headers, "payment-response": before } };
      });
    },
  },
  {
    id: "empty-for-a-crowd",
    breaks: "Lets buyers of the same thing at the same moment share one answer, which can be read once.",
    caughtBy: ["seller.load.own-receipts"],
    build: (reached) =>
      inACrowd((answer) => {
        if (typeof answer.body !== "string") return answer;
        reached();
        return { ...answer, body: "" };
      }),
  },
  {
    id: "goods-of-others",
    breaks:
      "Keeps the goods in one place for all requests: who buys at the same moment gets those of another.",
    caughtBy: ["seller.load.own-goods"],
    build: (reached) => {
      let last: Answer | undefined;
      return {
        steps: {
          ...sellerSteps,
          handle: async (exchange, work) => {
            const handled = await sellerSteps.handle(exchange, work);
            if (handled.kind === "done" && isOrdinary(exchange)) last = handled.answer;
            return handled;
          },
          respond: (exchange, own, settlement) => {
            const goods = isOrdinary(exchange) ? (last ?? own) : own;
            if (goods.body !== own.body) reached();
            return sellerSteps.respond(exchange, goods, settlement);
          },
        },
      };
    },
  },
  {
    id: "bans-whom-a-forgery-names",
    breaks: "Sells nothing any more to the payer whom a forged payment names.",
    caughtBy: ["seller.authorization.forged-in-a-buyers-name"],
    build: (reached) => {
      const forgeries = new Map<string, number>();
      return {
        steps: {
          ...sellerSteps,
          verify: async (exchange, order) => {
            const payer = payerOf(order.paymentPayload.payload);
            const known = forgeries.get(payer) ?? 0;
            if (known >= 3) {
              reached();
              return { kind: "refused", refusal: { kind: "invalid", reason: "too many invalid payments" } };
            }
            const verified = await sellerSteps.verify(exchange, order);
            const isForged =
              verified.kind === "refused" &&
              "reason" in verified.refusal &&
              verified.refusal.reason.includes("signature");
            if (isForged) forgeries.set(payer, known + 1);
            return verified;
          },
        },
      };
    },
  },
];

/** More payments of one payer at once than in any case but those of the load. */
const crowd = 4;

/** Changes the answers of sales that are made while many of the same payer are. */
function inACrowd(change: (answer: Answer) => Answer): ReturnType<Mutant["build"]> {
  const underWay = new Map<string, number>();
  const crowded = new WeakSet<object>();
  return {
    steps: {
      ...sellerSteps,
      settle: async (exchange, order) => {
        const payer = payerOf(order.paymentPayload.payload);
        const count = (change: number) => {
          const now = (underWay.get(payer) ?? 0) + change;
          underWay.set(payer, now);
          return now;
        };
        if (count(1) >= crowd) crowded.add(exchange.request);
        const settlement = await sellerSteps.settle(exchange, order);
        count(-1);
        return settlement;
      },
      respond: async (exchange, goods, settlement) => {
        const answer = await sellerSteps.respond(exchange, goods, settlement);
        return settlement.kind === "settled" && crowded.has(exchange.request) ? change(answer) : answer;
      },
    },
  };
}

/** Streams are not kept anywhere. */
function isOrdinary({ route }: Exchange): boolean {
  return route.mimeType !== "text/event-stream";
}

function payerOf(payload: unknown): string {
  return /"from":"(0x[0-9a-f]{40})"/i.exec(JSON.stringify(payload))?.[1]?.toLowerCase() ?? "";
}
