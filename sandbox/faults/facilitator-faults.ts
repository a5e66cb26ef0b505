import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { FacilitatorCall, FacilitatorReply } from "../facilitator/index.ts";
import type { Bite, FacilitatorFault } from "./fault.ts";

/** How long a slow answer takes unless the order says otherwise, in milliseconds. */
const usualDelayMs = 250;

/** What must never reach a buyer. */
const internals = "connect ECONNREFUSED 10.1.2.3:5432 at Pool.connect (/srv/db.js:10:3)";

/** Ways for the facilitator to misbehave towards its callers. */
export const facilitatorFaults = {
  "verify-refuses": {
    endpoint: "verify",
    effect: "Says isValid:false to a good payment.",
    takes: ["reason"],
    reply: (_call, { terms: { reason = "insufficient_funds" } }) =>
      json(200, { isValid: false, invalidReason: reason }),
  },
  "verify-400": {
    endpoint: "verify",
    effect: "Says isValid:false to a good payment, with status 400.",
    takes: ["reason"],
    reply: (_call, { terms: { reason = "insufficient_funds" } }) =>
      json(400, { isValid: false, invalidReason: reason }),
  },
  "verify-500": {
    endpoint: "verify",
    effect: "Answers /verify with status 500 and an internal message.",
    reply: () => json(500, { error: internals }),
  },
  "verify-html": {
    endpoint: "verify",
    effect: "Answers /verify with an HTML page and status 200.",
    reply: () => text(200, "text/html", "<html><body>Welcome</body></html>"),
  },
  "verify-truncated": {
    endpoint: "verify",
    effect: "Breaks off in the middle of its JSON answer to /verify.",
    reply: () => text(200, "application/json", '{"isValid":tr'),
  },
  "verify-without-verdict": {
    endpoint: "verify",
    effect: "Answers /verify without saying isValid.",
    reply: () => json(200, { payer: "0x0000000000000000000000000000000000000000" }),
  },
  "verify-without-payer": {
    endpoint: "verify",
    effect: "Verifies, and leaves out who pays, which is optional.",
    reply: withoutPayer,
  },
  "verify-hangs-up": {
    endpoint: "verify",
    effect: "Closes the connection instead of answering /verify.",
    reply: () => ({ kind: "hang-up" }),
  },
  "verify-slow": {
    endpoint: "verify",
    effect: "Waits a quarter of a second, or `delayMs`, before it verifies.",
    takes: ["delayMs"],
    reply: (call, bite) => honestlyAfter(call, bite),
  },
  "verify-hangs": {
    endpoint: "verify",
    effect: "Never answers /verify; hangs up when it is switched off, or after `delayMs`.",
    takes: ["delayMs"],
    reply: (_call, bite) => hold(bite),
  },
  "verify-accepts-everything": {
    endpoint: "verify",
    effect: "Says isValid:true to whatever it is sent, without looking at it.",
    reply: (_call, { payer }) => json(200, { isValid: true, payer }),
  },
  "verify-extension-responses": {
    endpoint: "verify",
    effect: "Verifies, and adds an EXTENSION-RESPONSES header.",
    reply: withExtensionResponses,
  },
  "settle-refuses": {
    endpoint: "settle",
    effect: "Says success:false to /settle, and moves nothing.",
    takes: ["reason"],
    reply: ({ network }, { terms: { reason = "invalid_transaction_state" } }) =>
      json(200, { success: false, errorReason: reason, transaction: "", network }),
  },
  "settle-400": {
    endpoint: "settle",
    effect: "Says success:false to /settle with status 400, and moves nothing.",
    takes: ["reason"],
    reply: ({ network }, { terms: { reason = "invalid_transaction_state" } }) =>
      json(400, { success: false, errorReason: reason, transaction: "", network }),
  },
  "settle-500": {
    endpoint: "settle",
    effect: "Answers /settle with status 500, and moves nothing.",
    reply: () => json(500, { error: "internal" }),
  },
  "settle-tells-internals": {
    endpoint: "settle",
    effect: "Says success:false to /settle with internal text in errorMessage, and moves nothing.",
    reply: ({ network }) =>
      json(200, {
        success: false,
        errorReason: "unexpected_settle_error",
        errorMessage: `The node at http://10.1.2.3:8545/v2/0123456789 failed: ${internals}`,
        transaction: "",
        network,
      }),
  },
  "settle-html": {
    endpoint: "settle",
    effect: "Answers /settle with an HTML page and status 200, and moves nothing.",
    reply: () => text(200, "text/html", "<html><body>Welcome</body></html>"),
  },
  "settle-truncated": {
    endpoint: "settle",
    effect: "Breaks off in the middle of its JSON answer to /settle, and moves nothing.",
    reply: () => text(200, "application/json", '{"success":tru'),
  },
  "settle-without-transaction": {
    endpoint: "settle",
    effect: "Says success to /settle without a transaction, and moves nothing.",
    reply: ({ network }) => json(200, { success: true, network }),
  },
  "settle-with-empty-transaction": {
    endpoint: "settle",
    effect: 'Says success to /settle with transaction "", and moves nothing.',
    reply: ({ network }) => json(200, { success: true, transaction: "", network }),
  },
  "settle-without-payer": {
    endpoint: "settle",
    effect: "Settles, and leaves out who paid, which is optional in x402 v2.",
    reply: withoutPayer,
  },
  "settle-without-network": {
    endpoint: "settle",
    effect: 'Settles, and reports it with network "".',
    reply: async ({ proceed }) => json(200, { ...(await proceed()), network: "" }),
  },
  "settle-on-another-network": {
    endpoint: "settle",
    effect: "Says success to /settle with a transaction on another network, and moves nothing.",
    reply: ({ network }) => {
      const transaction = `0x${randomBytes(32).toString("hex")}`;
      return json(200, { success: true, transaction, network: otherThan(network) });
    },
  },
  "settle-hangs-up": {
    endpoint: "settle",
    effect: "Closes the connection instead of answering /settle, and moves nothing.",
    reply: () => ({ kind: "hang-up" }),
  },
  "settle-pending": {
    endpoint: "settle",
    effect: "Settles, but reports settlement_pending.",
    reply: async ({ network, proceed }) => {
      const answer = await proceed();
      const transaction = "transaction" in answer ? answer.transaction : "";
      return json(200, { success: false, errorReason: "settlement_pending", transaction, network });
    },
  },
  "settle-pending-unmined": {
    endpoint: "settle",
    effect: "Reports settlement_pending with a transaction that never reaches the chain, and moves nothing.",
    reply: async ({ network }) => {
      const transaction = `0x${randomBytes(32).toString("hex")}`;
      return json(200, { success: false, errorReason: "settlement_pending", transaction, network });
    },
  },
  "settle-slow": {
    endpoint: "settle",
    effect: "Waits a quarter of a second, or `delayMs`, before it settles.",
    takes: ["delayMs"],
    reply: (call, bite) => honestlyAfter(call, bite),
  },
  "settle-hangs": {
    endpoint: "settle",
    effect: "Never answers /settle, and moves nothing; hangs up when it is switched off, or after `delayMs`.",
    takes: ["delayMs"],
    reply: (_call, bite) => hold(bite),
  },
  "settle-answer-lost": {
    endpoint: "settle",
    effect: "Settles, then closes the connection instead of answering.",
    reply: async ({ proceed }) => {
      await proceed();
      return { kind: "hang-up" };
    },
  },
  "settle-extension-responses": {
    endpoint: "settle",
    effect: "Settles, and adds an EXTENSION-RESPONSES header.",
    reply: withExtensionResponses,
  },
  "supported-lies": {
    endpoint: "supported",
    effect: "Says on /supported that it settles on another chain only, from an account that is not its own.",
    reply: () =>
      json(200, {
        kinds: [{ x402Version: 2, scheme: "exact", network: "eip155:1" }],
        extensions: [],
        signers: { "eip155:*": ["0x000000000000000000000000000000000000dEaD"] },
      }),
  },
  "supported-500": {
    endpoint: "supported",
    effect: "Answers /supported with status 500.",
    reply: () => json(500, { error: "internal" }),
  },
} as const satisfies Record<string, FacilitatorFault>;

/** A network in the words of x402 v2 or of v1, as the one that was asked for. */
function otherThan(network: string): string {
  const [one, other] = network.includes(":")
    ? (["eip155:43113", "eip155:80002"] as const)
    : (["avalanche-fuji", "polygon-amoy"] as const);
  return network === one ? other : one;
}

async function honestlyAfter(call: FacilitatorCall, { terms: { delayMs = usualDelayMs }, off }: Bite) {
  // Switched off in between, it is not slow any more.
  await delay(delayMs, undefined, { signal: off }).catch(() => undefined);
  return json(200, await call.proceed());
}

async function hold({ terms: { delayMs }, off }: Bite): Promise<FacilitatorReply> {
  const until = delayMs === undefined ? off : AbortSignal.any([off, AbortSignal.timeout(delayMs)]);
  return { kind: "hang-up", after: until.aborted ? Promise.resolve() : once(until, "abort") };
}

/** Both answers need no payer in x402 v2 (§5.3.2, §5.4.2). */
async function withoutPayer({ proceed }: FacilitatorCall): Promise<FacilitatorReply> {
  return json(200, { ...(await proceed()), payer: undefined });
}

/** The header that a facilitator may send to a seller, and a seller must keep from the buyer (x402 v2 §7.2.1). */
async function withExtensionResponses(call: FacilitatorCall): Promise<FacilitatorReply> {
  const responses = { bazaar: { status: "rejected", rejectedReason: "not for buyers" } };
  const header = Buffer.from(JSON.stringify(responses)).toString("base64");
  return { ...json(200, await call.proceed()), headers: { "EXTENSION-RESPONSES": header } };
}

function json(status: number, body: unknown) {
  return text(status, "application/json", JSON.stringify(body));
}

function text(status: number, contentType: string, body: string) {
  return { kind: "answer", status, contentType, body } as const satisfies FacilitatorReply;
}
