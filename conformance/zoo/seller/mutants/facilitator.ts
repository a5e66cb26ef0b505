import { setTimeout as delay } from "node:timers/promises";
import { type FacilitatorRequest, sellerSteps } from "#sandbox";
import { type Mutant, replacing } from "../mutant.ts";

/** So much earlier than its answer a seller asks that does not wait for the facilitator, in milliseconds: it is asked for certain. */
export const headStart = 50;

/** Sellers that deal badly with a facilitator that misbehaves, or let its words through to the buyer. */
export const facilitatorMutants: readonly Mutant[] = [
  {
    id: "flushes-streams-early",
    breaks: "Sends a stream while the facilitator is still settling.",
    caughtBy: [
      "seller.streaming.settled-before-the-first-byte",
      "seller.streaming.failed-settlement-sends-no-byte",
      "seller.streaming.unknown-settlement-sends-no-byte",
      "seller.streaming.failed-settlement-is-402",
      "seller.streaming.failed-settlement-sends-no-headers",
    ],
    build: replacing("settle", (original, reached) => async (exchange, order) => {
      if (exchange.route.mimeType !== "text/event-stream") return original(exchange, order);
      reached();
      void original(exchange, order);
      await delay(headStart);
      const { network } = exchange.seller.terms;
      return { kind: "settled", receipt: { success: true, transaction: `0x${"0".repeat(64)}`, network } };
    }),
  },
  {
    id: "pending-is-not-asked-again",
    breaks: "Asks the facilitator only once whether a pending transfer is settled.",
    caughtBy: ["seller.settlement.pending-is-asked-once-more"],
    build: replacing("settle", (_original, reached) => async ({ seller }, order) => {
      const settlement = await seller.facilitator.settle(order);
      if (settlement.kind === "pending") reached();
      return settlement;
    }),
  },
  {
    id: "forgets-open-settlements",
    breaks: "Treats a payment whose settlement was never answered as one that was never made.",
    caughtBy: [
      "seller.identifier.lost-answer-leaves-a-way-back",
      "seller.settlement.lost-answer-leaves-a-way-back",
    ],
    build: replacing("claim", (original, reached) => async (exchange, offer, payment) => {
      const claimed = await original(exchange, offer, payment);
      if (claimed.kind === "refused") return claimed;
      const { claim } = claimed;
      const unresolved = () => {
        reached();
        claim.release();
      };
      return { ...claimed, claim: { ...claim, unresolved } };
    }),
  },
  {
    id: "bears-a-grudge",
    breaks: "Never again serves a buyer for whom the facilitator once gave no answer.",
    caughtBy: [
      "seller.settlement.recovers-after-verify-500",
      "seller.settlement.recovers-after-settle-hangs-up",
    ],
    build: (reached) => {
      const unlucky = new Set<string>();
      return {
        steps: {
          ...sellerSteps,
          verify: async (exchange, order) => {
            if (unlucky.has(payerOf(order))) {
              reached();
              return { kind: "refused", refusal: { kind: "unavailable", cause: "unreachable" } };
            }
            const verified = await sellerSteps.verify(exchange, order);
            if (verified.kind === "refused" && verified.refusal.kind === "unavailable")
              unlucky.add(payerOf(order));
            return verified;
          },
          settle: async (exchange, order) => {
            const settlement = await sellerSteps.settle(exchange, order);
            if (settlement.kind === "unknown") unlucky.add(payerOf(order));
            return settlement;
          },
        },
      };
    },
  },
  {
    id: "gives-away-what-is-not-supported",
    breaks: "Sells nothing for money that the facilitator does not support, and so gives everything away.",
    caughtBy: [
      "seller.settlement.fails-closed-on-supported-lies",
      "seller.settlement.fails-closed-on-supported-500",
    ],
    build: replacing("offer", (original, reached, { facilitatorUrl }) => async (exchange) => {
      const supported = await (await fetch(`${facilitatorUrl}/supported`)).text();
      if (supported.includes(exchange.seller.terms.network)) return original(exchange);
      reached();
      return undefined;
    }),
  },
  {
    id: "tells-why-it-was-not-settled",
    breaks: "Shows the buyer the facilitator's errorMessage.",
    caughtBy: ["seller.settlement.settle-internals-stay-inside"],
    build: replacing("settle", (original, reached, { facilitatorUrl }) => async (exchange, order) => {
      const settlement = await original(exchange, order);
      if (settlement.kind !== "failed") return settlement;
      const { body } = await askAgain(`${facilitatorUrl}/settle`, order);
      const errorMessage = /"errorMessage":"([^"]*)"/.exec(body)?.[1];
      if (errorMessage === undefined) return settlement;
      reached();
      return { ...settlement, receipt: { ...settlement.receipt, errorReason: errorMessage } };
    }),
  },
  {
    id: "insists-on-the-payer-of-verify",
    breaks: "Takes an answer of /verify that does not name the payer for none.",
    caughtBy: ["seller.settlement.sells-on-verify-without-payer"],
    build: replacing("verify", (original, reached, { facilitatorUrl }) => async (exchange, order) => {
      const verified = await original(exchange, order);
      if (verified.kind !== "verified") return verified;
      const { body } = await askAgain(`${facilitatorUrl}/verify`, order);
      if (body.includes('"payer":')) return verified;
      reached();
      return { kind: "refused", refusal: { kind: "unavailable", cause: "malformed-reply" } };
    }),
  },
  {
    id: "insists-on-the-payer-of-settle",
    breaks: "Takes an answer of /settle that does not name the payer for none.",
    caughtBy: ["seller.settlement.sells-on-settle-without-payer"],
    build: replacing("settle", (original, reached, { facilitatorUrl }) => async (exchange, order) => {
      const settlement = await original(exchange, order);
      if (settlement.kind !== "settled") return settlement;
      const { body } = await askAgain(`${facilitatorUrl}/settle`, order);
      if (body.includes('"payer":')) return settlement;
      reached();
      return { kind: "unknown", failure: { cause: "malformed-reply", detail: "no payer" } };
    }),
  },
  {
    id: "shows-its-stack",
    breaks: "Answers with its own stack trace when the facilitator breaks.",
    caughtBy: ["seller.settlement.stack-stays-inside"],
    build: replacing("respond", (original, reached) => async (exchange, goods, settlement) => {
      const answer = await original(exchange, goods, settlement);
      if (settlement.kind !== "unknown") return answer;
      reached();
      return { ...answer, body: new Error("facilitator /settle returned 500").stack ?? "" };
    }),
  },
  {
    id: "forwards-extension-responses",
    breaks: "Hands the facilitator's EXTENSION-RESPONSES on to the buyer.",
    caughtBy: [
      "seller.settlement.keeps-verify-extension-responses",
      "seller.settlement.keeps-settle-extension-responses",
    ],
    build: (reached, { facilitatorUrl }) => {
      const told = new WeakMap<object, string>();
      const ask = async (endpoint: "verify" | "settle", request: object, order: FacilitatorRequest) => {
        const { extensionResponses } = await askAgain(`${facilitatorUrl}/${endpoint}`, order);
        if (extensionResponses !== null) told.set(request, extensionResponses);
      };
      return {
        steps: {
          ...sellerSteps,
          verify: async (exchange, order) => {
            const verified = await sellerSteps.verify(exchange, order);
            if (verified.kind === "verified") await ask("verify", exchange.request, order);
            return verified;
          },
          settle: async (exchange, order) => {
            const settlement = await sellerSteps.settle(exchange, order);
            if (settlement.kind === "settled") await ask("settle", exchange.request, order);
            return settlement;
          },
          respond: async (exchange, goods, settlement) => {
            const answer = await sellerSteps.respond(exchange, goods, settlement);
            const responses = told.get(exchange.request);
            if (responses === undefined) return answer;
            reached();
            return { ...answer, headers: { ...answer.headers, "extension-responses": responses } };
          },
        },
      };
    },
  },
];

function payerOf({ paymentPayload }: FacilitatorRequest): string {
  return (
    JSON.stringify(paymentPayload.payload)
      .match(/"from":"(0x[0-9a-f]{40})"/i)?.[1]
      ?.toLowerCase() ?? ""
  );
}

/** Asks the facilitator on the mutant's own account: what the seller's own client keeps back is in the answer. */
async function askAgain(url: string, order: FacilitatorRequest) {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(order) });
  return { body: await response.text(), extensionResponses: response.headers.get("extension-responses") };
}
