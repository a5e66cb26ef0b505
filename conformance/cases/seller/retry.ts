import { Difference, Finding, Unproven } from "../../engine/index.ts";
import {
  type ApiRequest,
  type Case,
  type Check,
  defineCase,
  provided,
  served,
  servedOrWhyNot,
  settled,
  settledBeforeAnswer,
  soundlyAsked,
  type Trader,
  trying,
} from "../../engine/seller/index.ts";
import { aSale } from "./sale.ts";

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

/** `CDN-Cache-Control` (RFC 9213), those of single vendors, and what was before. */
const cdnCacheControl = /^(?:[\w-]+-)?cdn-cache-control$|^surrogate-control$/;

/** Media types of which no body is empty. */
const neverEmpty = /[/+](json|xml)\b|^(image|audio|video)\/|\/pdf\b/i;

/** Who pays gets something, unless the answer says that there is nothing to get, as 204 does. */
const bringsSomething: Check = ({ request, answer }) => {
  const mayBeEmpty = request.method === "HEAD" || ![200, 203].includes(answer.status);
  if (mayBeEmpty || answer.body.trim() !== "") return;
  const type = answer.headers["content-type"] ?? "no Content-Type";
  const complaint = "The buyer is charged and gets an empty answer.";
  const expected = "a body; where nothing is what is sold, 204 (No Content)";
  const actual = `status ${answer.status}, ${type}, an empty body`;
  throw neverEmpty.test(type)
    ? new Finding(complaint, expected, actual)
    : new Difference(complaint, expected, actual);
};

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
    probe: async (t) => {
      const asked = await t.ask().done();
      await t.buy().expect(soundlyAsked, onThisChain(t), servedOrWhyNot(t, asked)).done();
    },
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
    id: "seller.retry.brings-something",
    requirement: "S-ORD-08",
    protocol: "any",
    title: "What a buyer is charged for is not an empty answer",
    control: aSale,
    probe: (t) => t.buy().expect(served, bringsSomething),
  }),
  defineCase({
    id: "seller.retry.answer-is-private",
    requirement: "S-ORD-15",
    title: "No shared cache may keep the paid answer: Cache-Control says private",
    control: aSale,
    probe: (t) =>
      t.buy().expect(served, ({ answer }) => {
        const cacheControl = answer.headers["cache-control"] ?? "none";
        // `private="set-cookie"` lets shared caches keep all but that field.
        if (/\b(private|no-store)\b(?!=)/i.test(cacheControl)) return;
        throw new Finding(
          "Shared caches may keep what one buyer paid for.",
          "Cache-Control: private (or no-store)",
          cacheControl,
        );
      }),
  }),
  defineCase({
    id: "seller.retry.answer-is-private-for-cdns",
    requirement: "S-ORD-15",
    protocol: "any",
    title: "No header that CDNs prefer to Cache-Control lets them keep the paid answer",
    control: aSale,
    probe: (t) =>
      t.buy().expect(served, ({ answer }) => {
        for (const [name, value] of Object.entries(answer.headers)) {
          if (!cdnCacheControl.test(name) || /\b(private|no-store|no-cache|max-age=0)\b/i.test(value))
            continue;
          throw new Finding(
            "A CDN may keep what one buyer paid for.",
            `${name}: private (or no-store), or nothing`,
            value,
          );
        }
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
    probe: async (t) => {
      for (const request of await t.failing()) {
        await t
          .buy({}, request)
          .expect(trying(nameOf(request), failureCameBack, settled(0)))
          .done();
      }
    },
  }),
  defineCase({
    id: "seller.retry.failure-leaves-the-authorization-unspent",
    requirement: "S-ORD-10",
    protocol: "any",
    title: "The authorization of a request whose handler failed is unspent on chain",
    needs: ["failing", "authorization-flow"],
    control: aSale,
    probe: async (t) => {
      for (const request of await t.failing()) {
        await t
          .buy({}, request)
          .expect(trying(nameOf(request), unspent(t)))
          .done();
      }
    },
  }),
];

function nameOf({ method, target }: ApiRequest): string {
  return `${method} ${target}`;
}

const failureCameBack: Check = ({ answer }) => {
  if (answer.status >= 400 && answer.status !== 402) return;
  throw new Finding(
    "The handler's failure did not come back.",
    "the handler's own status, 4xx or 5xx",
    `status ${answer.status}`,
  );
};

function unspent(t: Trader): Check {
  return async () => {
    const { from, nonce } = t.lastPayment.authorization;
    if (!(await t.context.ledger.isNonceSpent(from, nonce))) return;
    throw new Finding(
      "The authorization was spent although the handler failed.",
      "an unspent authorization",
      "it is spent on chain",
    );
  };
}
