import { setTimeout as delay } from "node:timers/promises";
import { HttpRequestError } from "viem";
import type { FacilitatorSteps } from "#sandbox";
import {
  concluding,
  type FacilitatorMutant,
  type HonestAnswer,
  json,
  telling,
  withSteps,
} from "../mutant.ts";
import { ofEveryWay, ofPermits } from "../ways.ts";

type Desk = Parameters<FacilitatorSteps["confirm"]>[2];

/** Facilitators that do not say what became of a transaction, or of their node. */
export const chainMutants: readonly FacilitatorMutant[] = [
  {
    id: "takes-a-reverted-transfer-for-settled",
    breaks: "Reports a transaction as settled that reverted.",
    caughtBy: [
      "facilitator.chain.front-run",
      "facilitator.v1.front-run",
      "facilitator.permit2.front-run",
      "facilitator.sponsoring.front-run",
      ...ofEveryWay("cancelled", "reverted"),
    ],
    build: concluding((confirmation) =>
      confirmation.outcome === "failed" && confirmation.message.includes("reverted")
        ? { outcome: "settled", hash: confirmation.hash }
        : undefined,
    ),
  },
  {
    id: "does-not-look-for-the-transfer",
    breaks: "Is content with a transaction that did not revert, whatever it moved.",
    caughtBy: [
      "facilitator.token.moves-nothing",
      "facilitator.token.takes-a-fee",
      "facilitator.v1.token-takes-a-fee",
      ...ofPermits("token-takes-a-fee"),
    ],
    build: concluding((confirmation) =>
      confirmation.outcome === "failed" && confirmation.message.includes("without a Transfer")
        ? { outcome: "settled", hash: confirmation.hash }
        : undefined,
    ),
  },
  {
    id: "fails-what-came-with-a-failure",
    breaks: "Reports all as failed that was under way when the transaction of another payment failed.",
    caughtBy: ["facilitator.chain.one-of-eight-cancelled"],
    build: (reached) => {
      let gathering:
        | { readonly ready: Promise<unknown>; readonly answers: Promise<HonestAnswer>[] }
        | undefined;
      return {
        intercept: async (call) => {
          if (call.endpoint !== "settle") return undefined;
          gathering ??= { ready: delay(gatheringMs).then(() => (gathering = undefined)), answers: [] };
          const together = gathering;
          const position = together.answers.push(
            together.ready.then(async () => ({ ...(await call.proceed()) })),
          );
          await together.ready;
          const answers = await Promise.all(together.answers);
          const honest = answers[position - 1] ?? {};
          const hasFailure = answers.some(
            ({ success, transaction }) => success === false && transaction !== "",
          );
          if (answers.length < crowd || !hasFailure || honest.success !== true) return json(200, honest);
          reached();
          return json(200, { ...honest, success: false, errorReason: "invalid_transaction_state" });
        },
      };
    },
  },
  {
    id: "answers-from-memory",
    breaks: "Repeats its answer to a payment that it settled, whatever became of the transfer since.",
    caughtBy: ["facilitator.chain.reorganized"],
    build: (reached) => {
      const settled = new Map<string, object>();
      return {
        intercept: async (call) => {
          if (call.endpoint !== "settle") return undefined;
          const name = JSON.stringify(call.request);
          const known = settled.get(name);
          if (known !== undefined) reached();
          const answer = known ?? (await call.proceed());
          if ("success" in answer && answer.success) settled.set(name, answer);
          return json(200, answer);
        },
      };
    },
  },
  {
    id: "verifies-what-it-could-not-check",
    breaks: "Says that a payment is valid when its node does not answer.",
    caughtBy: [
      "facilitator.chain.verify-while-node-answers-429",
      "facilitator.chain.verify-while-node-is-down",
      ...ofEveryWay("simulation-refused-to-verify", "verify-while-node-limits-calls"),
    ],
    build: telling("verify", (honest) =>
      honest.invalidReason === "unexpected_verify_error" ? { isValid: true } : undefined,
    ),
  },
  {
    id: "breaks-when-its-node-does",
    breaks: "Answers 500 to /settle when its node does not answer.",
    caughtBy: [
      "facilitator.v1.receipt-refused",
      "facilitator.v1.receipt-missing",
      "facilitator.v1.receipt-found-later",
      "facilitator.v1.settlement-pending-across-a-restart",
      "facilitator.v1.settlement-pending-for-other-terms",
      "facilitator.chain.settle-while-node-answers-429",
      "facilitator.chain.settle-while-node-is-down",
      ...ofEveryWay("settle-while-node-limits-calls"),
    ],
    build: telling("settle", (honest) =>
      honest.errorReason === "unexpected_settle_error"
        ? json(500, { error: "Internal Server Error" })
        : undefined,
    ),
  },
  {
    id: "tells-where-its-node-is",
    breaks: "Gives the whole error of its node's outage as the reason, with its URL.",
    caughtBy: ["facilitator.chain.outage-tells-nothing-of-internals"],
    build: (reached) => {
      let latest = "";
      const { steps } = withSteps(({ check }) => ({
        check: (...order) =>
          check(...order).catch((error: unknown) => {
            latest = String(error);
            throw error;
          }),
      }))(reached);
      const { intercept } = telling("verify", (honest) =>
        honest.invalidReason === "unexpected_verify_error"
          ? { ...honest, invalidMessage: latest }
          : undefined,
      )(reached);
      return { ...(steps && { steps }), ...(intercept && { intercept }) };
    },
  },
  {
    id: "makes-up-what-a-slow-node-would-say",
    breaks: "Tires of a node that is slow about a payer, and makes up a transaction.",
    caughtBy: ["facilitator.chain.slow-node"],
    build: withSteps(({ confirm }, reached) => ({
      confirm: async (payment, hash, desk) => {
        if (!(await isSlowAbout(payment.authorization.from, desk))) return confirm(payment, hash, desk);
        reached();
        return { outcome: "settled", hash: `0x${"5".repeat(64)}` };
      },
    })),
  },
  {
    id: "takes-an-unconfirmed-sending-for-none",
    breaks: "Forgets a transaction that its node took without saying so, and finds the authorization used.",
    caughtBy: ["facilitator.chain.answer-lost"],
    build: withSteps(({ broadcast }, reached) => ({
      broadcast: async (payment, desk) => {
        const sending = await broadcast(payment, desk);
        if (!sending.sent || !(await isHungUpOn(sending.transaction.raw, desk))) return sending;
        reached();
        return { sent: false, message: "the node does not answer" };
      },
    })),
  },
  {
    id: "breaks-when-sending-is-not-confirmed",
    breaks: "Answers 500 when its node takes a transaction and does not say so.",
    caughtBy: ["facilitator.chain.answer-lost"],
    build: (reached) => {
      const unconfirmed = new Set<unknown>();
      const { steps } = withSteps(({ broadcast }) => ({
        broadcast: async (payment, desk) => {
          const sending = await broadcast(payment, desk);
          if (sending.sent && (await isHungUpOn(sending.transaction.raw, desk)))
            unconfirmed.add(sending.transaction.hash);
          return sending;
        },
      }))(reached);
      const { intercept } = telling("settle", ({ transaction }) =>
        unconfirmed.has(transaction) ? json(500, { error: "Internal Server Error" }) : undefined,
      )(reached);
      return { ...(steps && { steps }), ...(intercept && { intercept }) };
    },
  },
];

/** How long it waits for others, in milliseconds, and how many it takes for a failure to touch them. */
const gatheringMs = 150;
const crowd = 6;

/** Much slower about this account than about anything else, so that a busy machine is not taken for a slow node. */
async function isSlowAbout(address: `0x${string}`, { chain }: Desk): Promise<boolean> {
  // Calls of one turn travel together, and are as slow as the slowest: let those about the payer's transaction go first.
  await delay(1);
  const began = performance.now();
  await chain.getGasPrice();
  const usual = performance.now() - began;
  const slow = await Promise.race([
    chain.getBalance({ address }).then(() => false),
    delay(Math.max(150, 5 * usual), true),
  ]);
  return slow;
}

/** Sent again, a transaction is refused as known, unless nobody answers. */
async function isHungUpOn(raw: `0x${string}`, { chain }: Desk): Promise<boolean> {
  return chain.sendRawTransaction({ serializedTransaction: raw }).then(
    () => false,
    (error: unknown) => {
      for (let cause = error; cause instanceof Error; cause = cause.cause)
        if (cause instanceof HttpRequestError) return true;
      return false;
    },
  );
}
