import { setTimeout as delay } from "node:timers/promises";
import type { RpcFault } from "./fault.ts";

/** How long a slow node takes unless the order says otherwise, in milliseconds. */
const usualDelayMs = 250;

const everyCall = () => true;

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
    act: async () => ({ kind: "reply", reply: { error: { code: -32005, message: "limit exceeded" } } }),
  },
  "rpc-429": {
    place: "chain",
    effect: "The node refuses the facilitator's requests with status 429.",
    alone: true,
    bites: everyCall,
    act: async () => ({ kind: "status", status: 429 }),
  },
} as const satisfies Record<string, RpcFault>;
