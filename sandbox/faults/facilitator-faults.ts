import { setTimeout as delay } from "node:timers/promises";
import type { FacilitatorCall, FacilitatorReply } from "../facilitator/index.ts";

/** A way for a facilitator to misbehave. */
export interface FacilitatorFault {
  /** Which calls it bites. */
  readonly endpoint: "verify" | "settle";
  /** What it does, in one sentence. */
  readonly effect: string;
  readonly reply: (call: FacilitatorCall) => FacilitatorReply | Promise<FacilitatorReply>;
}

/** Faults of a facilitator by name; the admin API switches them on. */
export const facilitatorFaults = {
  "verify-refuses": {
    endpoint: "verify",
    effect: "Says isValid:false to a good payment.",
    reply: () => json(200, { isValid: false, invalidReason: "insufficient_funds" }),
  },
  "verify-500": {
    endpoint: "verify",
    effect: "Answers /verify with status 500 and an internal message.",
    reply: () => json(500, { error: "connect ECONNREFUSED 10.1.2.3:5432 at Pool.connect (/srv/db.js:10:3)" }),
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
  "verify-hangs-up": {
    endpoint: "verify",
    effect: "Closes the connection instead of answering /verify.",
    reply: () => ({ kind: "hang-up" }),
  },
  "settle-refuses": {
    endpoint: "settle",
    effect: "Says success:false to /settle, and moves nothing.",
    reply: ({ network }) =>
      json(200, { success: false, errorReason: "invalid_transaction_state", transaction: "", network }),
  },
  "settle-500": {
    endpoint: "settle",
    effect: "Answers /settle with status 500, and moves nothing.",
    reply: () => json(500, { error: "internal" }),
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
  "settle-slow": {
    endpoint: "settle",
    effect: "Waits a quarter of a second before it settles.",
    reply: async ({ proceed }) => {
      await delay(250);
      return json(200, await proceed());
    },
  },
  "settle-answer-lost": {
    endpoint: "settle",
    effect: "Settles, then closes the connection instead of answering.",
    reply: async ({ proceed }) => {
      await proceed();
      return { kind: "hang-up" };
    },
  },
} as const satisfies Record<string, FacilitatorFault>;

export type FacilitatorFaultName = keyof typeof facilitatorFaults;

function json(status: number, body: unknown): FacilitatorReply {
  return text(status, "application/json", JSON.stringify(body));
}

function text(status: number, contentType: string, body: string): FacilitatorReply {
  return { kind: "answer", status, contentType, body };
}
