import { Finding, field, Unproven } from "../../engine/index.ts";
import {
  type Case,
  type Check,
  defineCase,
  expectField,
  provided,
  receipt,
  served,
  settled,
  settledBeforeAnswer,
  soundlyAsked,
  type Trader,
} from "../../engine/seller/index.ts";
import { aSale } from "./sale.ts";

/** That there is a receipt at all is judged by a case of its own. */
const aReceipt = provided(receipt(() => {}));

/**
 * A seller that somebody else started, that refused and never asked this run's facilitator, may well look for the
 * money on another chain: then its refusal is right.
 */
function onThisChain(t: Trader): Check {
  return async ({ answer }) => {
    const startedHere = t.context.subject.restartUrl !== undefined;
    if (answer.status < 300 || startedHere || (await t.facilitatorSaw()).length > 0) return;
    throw new Unproven(
      `The seller refused the payment and did not ask this run's facilitator, ${t.context.sandbox.facilitatorUrl}. ` +
        "Point it there: start it with --start, or name the sandbox that it uses with --sandbox.",
    );
  };
}

/** `PaYmEnT-sIgNaTuRe`: a spelling that nobody expects. */
function mixedCase(name: string): string {
  return [...name].map((letter, index) => (index % 2 === 0 ? letter.toUpperCase() : letter)).join("");
}

/** The paid retry: served, settled once, with a receipt. */
export const retryCases: readonly Case[] = [
  defineCase({
    id: "seller.retry.served",
    requirement: "S-ORD-08",
    title: "A request with a valid payment is served with 2xx",
    probe: (t) => t.buy().expect(soundlyAsked, onThisChain(t), served),
  }),
  defineCase({
    id: "seller.retry.settled-once-at-the-price",
    requirement: "S-PAY-15",
    title: "One purchase moves exactly the price, once, to payTo",
    probe: (t) => t.buy().expect(onThisChain(t), provided(served), settled(1)),
  }),
  defineCase({
    id: "seller.retry.settled-before-delivery",
    requirement: "S-ORD-02",
    title: "The transfer is on chain before the content is delivered",
    control: aSale,
    probe: async (t) => {
      // Long enough for a seller that does not wait to be ahead of it.
      await t.facilitatorWill("settle-slow");
      await t.buy().expect(served, settledBeforeAnswer).done();
    },
  }),
  defineCase({
    id: "seller.retry.receipt",
    requirement: "S-ORD-08",
    title: "The answer carries a PAYMENT-RESPONSE with success and a transaction",
    control: aSale,
    probe: (t) =>
      t.buy().expect(
        served,
        receipt((r) => {
          expectField(r, "success", "true", (value) => value === true);
          expectField(
            r,
            "transaction",
            "a transaction hash",
            (value) => typeof value === "string" && value !== "",
          );
        }),
      ),
  }),
  defineCase({
    id: "seller.retry.receipt-names-the-transfer",
    requirement: "S-ORD-08",
    title: "The receipt's transaction is the one that moved the money",
    control: aSale,
    probe: (t) =>
      t.buy().expect(served, settled(1), async (observed) => {
        const [transfer] = await observed.transfers();
        await aReceipt(observed);
        await receipt((r) => {
          const transaction = field(r, "transaction");
          if (typeof transaction !== "string" || transaction === "") {
            throw new Unproven("The receipt names no transaction.");
          }
          if (transaction.toLowerCase() === transfer?.transaction) return;
          throw new Finding(
            "The receipt names another transaction.",
            `${transfer?.transaction}`,
            transaction,
          );
        })(observed);
      }),
  }),
  defineCase({
    id: "seller.retry.receipt-network",
    requirement: "S-ORD-09",
    title: "The receipt's network is the CAIP-2 name of the accepted one",
    control: aSale,
    probe: (t) =>
      t.buy().expect(
        served,
        aReceipt,
        receipt((r) => {
          const expected = t.dialect.networkName(t.context.sandbox.network);
          expectField(r, "network", `${expected}`, (value) => value === expected);
        }),
      ),
  }),
  defineCase({
    id: "seller.retry.answer-is-private",
    requirement: "S-ORD-15",
    title: "No shared cache may keep the paid answer: Cache-Control says private",
    control: aSale,
    probe: (t) =>
      t.buy().expect(served, ({ answer }) => {
        const cacheControl = answer.headers["cache-control"] ?? "none";
        if (/\b(private|no-store)\b/i.test(cacheControl)) return;
        throw new Finding(
          "Shared caches may keep what one buyer paid for.",
          "Cache-Control: private (or no-store)",
          cacheControl,
        );
      }),
  }),
  defineCase({
    id: "seller.retry.header-name-in-any-case",
    requirement: "S-PAY-01",
    title: "The payment is read from PAYMENT-SIGNATURE in any letter case",
    control: aSale,
    probe: async (t) => {
      const { header } = await t.prepare();
      await t
        .send({ [mixedCase(t.dialect.paymentHeader)]: header })
        .expect(served, settled(1))
        .done();
    },
  }),
  defineCase({
    id: "seller.retry.handler-failure-is-not-charged",
    requirement: "S-ORD-10",
    title: "A handler that fails is not charged for, and its status comes back",
    needs: ["failing", "authorization-flow"],
    control: aSale,
    probe: (t) =>
      t.buy({}, t.request("failing")).expect(({ answer }) => {
        if (answer.status >= 400 && answer.status !== 402) return;
        throw new Finding(
          "The handler's failure did not come back.",
          "the handler's own status, 4xx or 5xx",
          `status ${answer.status}`,
        );
      }, settled(0)),
  }),
  defineCase({
    id: "seller.retry.failure-leaves-the-authorization-unspent",
    requirement: "S-ORD-10",
    title: "The authorization of a request whose handler failed is unspent on chain",
    needs: ["failing", "authorization-flow"],
    control: aSale,
    probe: async (t) => {
      const { payment } = await t.buy({}, t.request("failing")).done();
      if (payment === undefined) throw new Error("The case paid without a payment.");
      const spent = await t.context.ledger.isNonceSpent(
        payment.authorization.from,
        payment.authorization.nonce,
      );
      if (spent)
        throw new Finding(
          "The authorization was spent although the handler failed.",
          "an unspent authorization",
          "it is spent on chain",
        );
    },
  }),
];
