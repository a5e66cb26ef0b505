import { setTimeout as delay } from "node:timers/promises";
import type { Answer, Exchange } from "#sandbox";
import { fromBase64Json, toBase64Json } from "#sandbox";
import { type Mutant, replacing } from "../mutant.ts";
import { unpadded } from "../unpadded.ts";
import { ofBothPermits } from "./of-both-permits.ts";

/** When a case is over and the run goes on, in milliseconds. */
const longAfter = 3_000;

/** No transaction has this hash. */
export const noTransaction = `0x${"0".repeat(64)}`;

/** A settlement that nobody made. */
export function settledInTheSellersWords({ seller }: Exchange) {
  const { network } = seller.terms;
  return { kind: "settled", receipt: { success: true, transaction: noTransaction, network } } as const;
}

/** Sellers that get the paid retry wrong: serving, settling, the receipt. */
export const retryMutants: readonly Mutant[] = [
  {
    id: "takes-money-serves-nothing",
    breaks: "Settles, then answers 402 all the same.",
    caughtBy: ["seller.retry.served", ...ofBothPermits("sold"), "seller.audit.deliveries-equal-settlements"],
    sellsNothing: true,
    build: replacing("respond", (_original, reached) => () => {
      reached();
      return { status: 402, headers: {}, body: "{}" };
    }),
  },
  takingMoneyFor("the-other-request", "seller.retry.other-request-served", "/premium"),
  takingMoneyFor("a-stream", "seller.streaming.served", "/forecast"),
  {
    id: "never-settles",
    breaks: "Serves after verification and never takes the money.",
    caughtBy: ["seller.retry.settled-once-at-the-price", ...ofBothPermits("sold")],
    sellsNothing: true,
    build: replacing("settle", (_original, reached) => ({ seller }) => {
      reached();
      const { network } = seller.terms;
      return { kind: "settled", receipt: { success: true, transaction: noTransaction, network } };
    }),
  },
  {
    id: "settles-after-delivery",
    breaks: "Delivers first and settles a moment later.",
    caughtBy: [
      "seller.retry.settled-before-delivery",
      "seller.streaming.settled-before-the-first-byte",
      "seller.settlement.false-yes-to-a-forged-payment",
      "seller.settlement.false-yes-to-an-underpayment",
      "seller.retry.receipt-names-the-transfer",
      "seller.identifier.settled-before-delivery",
      "seller.audit.deliveries-equal-settlements",
      ...ofBothPermits("settled-before-delivery", "receipt"),
      "seller.upto.sold",
      "seller.upto.receipt-tells-the-charge",
    ],
    build: replacing("settle", (original, reached) => (exchange, order) => {
      reached();
      void delay(600).then(() => original(exchange, order));
      const { network } = exchange.seller.terms;
      return { kind: "settled", receipt: { success: true, transaction: noTransaction, network } };
    }),
  },
  {
    id: "no-receipt",
    breaks: "Serves without PAYMENT-RESPONSE.",
    caughtBy: [
      "seller.retry.receipt",
      "seller.upto.sold",
      "seller.upto.receipt-tells-the-charge",
      ...ofBothPermits("receipt"),
    ],
    build: replacing("respond", (original, reached) => async (exchange, goods, settlement) => {
      const answer = await original(exchange, goods, settlement);
      if (settlement.kind !== "settled") return answer;
      reached();
      const { "payment-response": _, ...headers } = answer.headers;
      return { ...answer, headers };
    }),
  },
  receipting({
    id: "receipt-without-transaction",
    breaks: "Leaves the transaction out of the receipt.",
    caughtBy: ["seller.retry.receipt", ...ofBothPermits("receipt")],
    change: (receipt) => ({ ...receipt, transaction: "" }),
  }),
  {
    id: "receipt-without-padding",
    breaks: "Leaves out the padding of the receipt's base64.",
    caughtBy: ["seller.retry.receipt"],
    build: replacing("respond", (original, reached) => async (exchange, goods, settlement) => {
      const answer = await original(exchange, goods, settlement);
      const receipt = answer.headers["payment-response"];
      if (receipt === undefined) return answer;
      reached();
      return { ...answer, headers: { ...answer.headers, "payment-response": unpadded(receipt) } };
    }),
  },
  receipting({
    id: "receipt-of-another-transfer",
    breaks: "Names a transaction that never was.",
    caughtBy: [
      "seller.retry.receipt-names-the-transfer",
      "seller.upto.charges-nothing",
      ...ofBothPermits("receipt"),
    ],
    change: (receipt) => ({ ...receipt, transaction: noTransaction }),
  }),
  receipting({
    id: "receipt-with-v1-network",
    breaks: "Names the network as x402 v1 did.",
    caughtBy: [
      "seller.retry.receipt-network",
      "seller.settlement.names-the-network-itself",
      ...ofBothPermits("receipt-network"),
    ],
    change: (receipt) => ({ ...receipt, network: "base-sepolia" }),
  }),
  receipting({
    id: "receipt-of-another-payer",
    breaks: "Names itself as the payer.",
    caughtBy: ["seller.retry.receipt-names-the-payment", ...ofBothPermits("receipt")],
    change: (receipt) => ({ ...receipt, payer: noTransaction.slice(0, 42) }),
  }),
  receipting({
    id: "receipt-of-another-amount",
    breaks: "States an amount that nobody paid.",
    caughtBy: [
      "seller.retry.receipt-names-the-payment",
      "seller.permit2.receipt",
      "seller.upto.sold",
      "seller.upto.charges-what-it-tells",
      "seller.upto.charges-nothing",
    ],
    change: (receipt) => ({ ...receipt, amount: "1" }),
  }),
  {
    id: "publicly-cacheable",
    breaks: "Lets shared caches keep what one buyer paid for.",
    caughtBy: ["seller.retry.answer-is-private"],
    build: replacing("respond", (original, reached) => async (exchange, goods, settlement) => {
      const answer = await original(exchange, goods, settlement);
      if (settlement.kind !== "settled") return answer;
      reached();
      return { ...answer, headers: { ...answer.headers, "cache-control": "public, max-age=60" } };
    }),
  },
  {
    id: "header-case-matters",
    breaks: "Reads the payment header only when it is spelled in lower or upper case.",
    caughtBy: ["seller.retry.header-name-in-any-case"],
    build: (reached) => ({
      front: (request, _response, forward) => {
        const spelling = request.rawHeaders.find((name) => name.toLowerCase() === "payment-signature");
        if (
          spelling !== undefined &&
          spelling !== spelling.toLowerCase() &&
          spelling !== spelling.toUpperCase()
        ) {
          reached();
          delete request.headers["payment-signature"];
        }
        forward();
      },
    }),
  },
  {
    id: "charges-for-failures",
    breaks: "Settles although the handler failed.",
    caughtBy: [
      "seller.retry.handler-failure-is-not-charged",
      "seller.retry.failure-leaves-the-authorization-unspent",
      ...ofBothPermits("failed-handler"),
    ],
    build: replacing("handle", (original, reached) => async (exchange, work) => {
      const handled = await original(exchange, work);
      if (handled.kind === "failed") reached();
      return { kind: "done", answer: handled.answer };
    }),
  },
  chargingForFailures("charges-for-what-is-not-there", "Settles when the handler answers 404.", 404),
  chargingForFailures("charges-for-crashes", "Settles when the handler throws.", 500),
  {
    id: "charges-for-failures-later",
    breaks: "Settles some time after the handler failed, when nobody looks any more.",
    caughtBy: ["seller.audit.deliveries-equal-settlements"],
    build: replacing("verify", (original, reached) => async (exchange, order) => {
      const verified = await original(exchange, order);
      const failing = new URL(exchange.request.url).searchParams.get("fail") === "true";
      if (failing && verified.kind === "verified") {
        reached();
        void delay(longAfter).then(() => exchange.seller.facilitator.settle(order));
      }
      return verified;
    }),
  },
];

/** Takes the handler's failures of one status for goods. */
function chargingForFailures(id: string, breaks: string, status: number): Mutant {
  return {
    id,
    breaks,
    caughtBy: [
      "seller.retry.handler-failure-is-not-charged",
      "seller.retry.failure-leaves-the-authorization-unspent",
    ],
    build: replacing("handle", (original, reached) => async (exchange, work) => {
      const handled = await original(exchange, work);
      if (handled.kind !== "failed" || handled.answer.status !== status) return handled;
      reached();
      return { kind: "done", answer: handled.answer };
    }),
  };
}

/** A receipt that is changed on its way out. */
function receipting(
  mutant: Pick<Mutant, "id" | "breaks" | "caughtBy"> & {
    change: (receipt: Record<string, unknown>) => Record<string, unknown>;
  },
): Mutant {
  const { change, ...rest } = mutant;
  return {
    ...rest,
    build: replacing("respond", (original, reached) => async (exchange, goods, settlement) => {
      const answer = await original(exchange, goods, settlement);
      if (settlement.kind !== "settled") return answer;
      reached();
      return withReceipt(answer, change(receiptOf(answer)));
    }),
  };
}

function receiptOf(answer: Answer): Record<string, unknown> {
  const receipt = fromBase64Json(answer.headers["payment-response"] ?? "");
  return receipt.ok && typeof receipt.value === "object" && receipt.value !== null
    ? { ...receipt.value }
    : {};
}

function withReceipt(answer: Answer, receipt: Record<string, unknown>): Answer {
  return { ...answer, headers: { ...answer.headers, "payment-response": toBase64Json(receipt) } };
}

/** Settles, then answers 402 all the same, on one path. */
function takingMoneyFor(what: string, served: string, path: string): Mutant {
  return {
    id: `takes-money-for-${what}`,
    breaks: `Settles, then answers 402 all the same, at ${path}.`,
    caughtBy: [served, "seller.audit.deliveries-equal-settlements"],
    build: replacing("respond", (original, reached) => (...order) => {
      const [{ request }] = order;
      if (!new URL(request.url).pathname.startsWith(path)) return original(...order);
      reached();
      return { status: 402, headers: {}, body: "{}" };
    }),
  };
}
