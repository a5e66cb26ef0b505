import { setTimeout as delay } from "node:timers/promises";
import type { RpcFault } from "./fault.ts";
import { type RpcOutcome, sendsTransaction } from "./rpc-call.ts";
import { triesTransfer } from "./signed-transfers.ts";

/** How long a slow node takes unless the order says otherwise, in milliseconds. */
const usualDelayMs = 250;

const everyCall = () => true;

const limitExceeded = refusal(-32005, "limit exceeded");

/** Calls that tell what became of a transaction of known hash. */
const tellingOfTransactions = ["eth_getTransactionReceipt", "eth_getTransactionByHash"];

/** The node behind the facilitator answers late, wrongly, or not at all. */
export const rpcFaults = {
  "rpc-slow": {
    place: "chain",
    effect: "The node answers the facilitator a quarter of a second, or `delayMs`, late.",
    takes: ["delayMs"],
    bites: everyCall,
    act: async (_call, { terms: { delayMs = usualDelayMs }, off, forward }) => {
      await delay(delayMs, undefined, { signal: off }).catch(() => undefined);
      return { kind: "reply", reply: await forward() };
    },
  },
  "rpc-down": {
    place: "chain",
    effect: "The node closes the connection instead of answering the facilitator.",
    alone: true,
    bites: everyCall,
    act: async () => ({ kind: "hang-up" }),
  },
  "rpc-answer-lost": {
    place: "chain",
    effect: "The node takes a transaction of the facilitator, but its answer is lost.",
    alone: true,
    bites: ({ method }) => method === "eth_sendRawTransaction",
    act: async (_call, { forward }) => {
      await forward();
      return { kind: "hang-up" };
    },
  },
  "rpc-rate-limited": {
    place: "chain",
    effect: "The node refuses the facilitator's calls with the error -32005, limit exceeded.",
    bites: everyCall,
    act: limitExceeded,
  },
  "rpc-simulation-refused": {
    place: "chain",
    effect: "The node refuses to try the transfer, with the error -32005, and answers everything else.",
    bites: (call) => !sendsTransaction(call) && triesTransfer(call),
    act: limitExceeded,
  },
  "rpc-send-refused": {
    place: "chain",
    effect: "The node refuses the facilitator's transaction, its pool being full, and does not take it.",
    bites: sendsTransaction,
    act: refusal(-32000, "txpool is full"),
  },
  "rpc-gas-unpaid": {
    place: "chain",
    effect: "The node refuses the facilitator's transaction, whose gas its account cannot pay.",
    bites: sendsTransaction,
    act: refusal(-32000, "insufficient funds for gas * price + value"),
  },
  "rpc-receipts-refused": {
    place: "chain",
    effect: "The node takes the facilitator's transaction, and refuses to tell of it: the error -32005.",
    bites: ({ method }) => tellingOfTransactions.includes(method),
    act: limitExceeded,
  },
  "rpc-receipts-missing": {
    place: "chain",
    effect:
      "The node takes the facilitator's transaction, and answers null when it is asked for it, as if it were not mined yet.",
    bites: ({ method }) => tellingOfTransactions.includes(method),
    act: async () => ({ kind: "reply", reply: { result: null } }),
  },
  "rpc-429": {
    place: "chain",
    effect: "The node refuses the facilitator's requests with status 429.",
    alone: true,
    bites: everyCall,
    act: async () => ({ kind: "status", status: 429 }),
  },
} as const satisfies Record<string, RpcFault>;

/** What a node answers that refuses a call. */
function refusal(code: number, message: string): () => Promise<RpcOutcome> {
  return async () => ({ kind: "reply", reply: { error: { code, message } } });
}
