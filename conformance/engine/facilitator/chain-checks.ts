import { isAddressEqual, isHash, toEventSelector } from "viem";
import { type PermitScheme, permit2Proxies } from "../../oracles/permit2.ts";
import { describeJson, field, type Json } from "../../oracles/wire/index.ts";
import { Difference, Finding } from "../finding.ts";
import { reasonOf, told } from "./checks.ts";
import type { Merchant } from "./merchant.ts";
import { reasons } from "./reasons.ts";
import type { RepliesCheck, Reply, ReplyCheck } from "./reply.ts";

/** The proxies log it where an allowance came with the payment. */
const settledWithPermit = toEventSelector("event SettledWithPermit()");

/**
 * What is told as settled is a transaction that is on the chain and has the order's transfer. One in which several were
 * settled has one for each.
 */
export function truthful(t: Merchant): ReplyCheck {
  return async ({ json, order }) => {
    if (field(json, "success") !== true) return;
    const named = field(json, "transaction");
    const transfers = (await t.transfers()).filter(({ transaction }) => transaction === named);
    const hasTheOrders = transfers.some(
      ({ to, value }) => order === undefined || (isAddressEqual(to, order.payTo) && value === order.amount),
    );
    if (hasTheOrders && transfers.length >= t.settledBy(String(named))) return;
    throw new Finding(
      "A settlement is reported that the chain does not have.",
      "success: false, or a transaction with the transfer",
      `success: true, transaction ${describeJson(named)}`,
    );
  };
}

/** Whoever asks after the money moved learns of it, or of the transaction that moves it. Otherwise it is a difference. */
export function tellsOfDebits(t: Merchant): ReplyCheck {
  return async (reply) => {
    const untold = (await t.transfers()).find(({ transaction }) => t.settledBy(transaction) === 0);
    if (untold === undefined || field(reply.json, "success") === true || isToldPending(reply)) return;
    throw new Difference(
      "The payer was charged, and the seller is told that it was not: nobody gets what was bought.",
      `success: true, or settlement_pending, with ${untold.transaction}`,
      told(reply),
    );
  };
}

/** What is told as settled names a transaction in which the proxy sent the allowance, too, that the payment brought. */
export function settledWithAllowance(t: Merchant, scheme: PermitScheme): ReplyCheck {
  return async ({ json }) => {
    if (field(json, "success") !== true) return;
    const named = field(json, "transaction");
    const hash = (await t.transfers()).find(({ transaction }) => transaction === named)?.transaction;
    const receipt = hash && (await t.context.chain.getTransactionReceipt({ hash }));
    const proxy = permit2Proxies[scheme];
    const isTogether = receipt?.logs.some(
      ({ address, topics }) => isAddressEqual(address, proxy) && topics[0] === settledWithPermit,
    );
    if (isTogether) return;
    throw new Finding(
      "The allowance and the payment were not settled together.",
      `a transaction in which the proxy ${proxy} logs SettledWithPermit`,
      `transaction ${describeJson(named)} without it`,
    );
  };
}

/** What is told as settled names the transaction that has spent the order's very authorization, as it was signed. */
export function spentItsOwn(t: Merchant): ReplyCheck {
  const { context } = t;
  return async (reply) => {
    const { json, order } = reply;
    if (field(json, "success") !== true || order === undefined) return;
    if ("permit" in order)
      return truthful(t)({ ...reply, order: { ...order, payTo: order.permit.witness.to } });
    const named = String(field(json, "transaction")).toLowerCase();
    const { from, to, value, nonce } = order.authorization;
    const [used, transfers] = await Promise.all([
      context.ledger.authorizationsUsedBy(from, { after: 0n }),
      context.ledger.transfersFrom(from, { after: 0n }),
    ]);
    const own = used.find((each) => each.nonce.toLowerCase() === nonce.toLowerCase())?.transaction;
    const hasTransfer = transfers.some(
      (each) => each.transaction === own && isAddressEqual(each.to, to) && each.value === value,
    );
    if (own?.toLowerCase() === named && hasTransfer) return;
    throw new Finding(
      "A settlement is reported that is another payment's.",
      `success: false, or the transaction that has spent nonce ${nonce}: ${own ?? "there is none"}`,
      told(reply),
    );
  };
}

/** {@link spentItsOwn}, each of several at once. */
export function eachSpentItsOwn(t: Merchant): RepliesCheck {
  return async (replies) => {
    for (const reply of replies) await spentItsOwn(t)(reply);
  };
}

/** Since the case began, at most `count` transfers left the payer. */
export function movedAtMost(t: Merchant, count: number): ReplyCheck {
  return async () => {
    const transfers = await t.transfers();
    if (transfers.length <= count) return;
    throw new Finding("The payer paid more than once.", `${count} transfer(s)`, `${transfers.length}`);
  };
}

/** Of several calls for one payment: one transfer, and every success names it. */
export const oneTransferAmong: RepliesCheck = async (replies) => {
  const [first] = replies;
  const transfers = (await first?.transfers()) ?? [];
  const successes = replies.filter(({ json }) => field(json, "success") === true);
  const named = new Set(successes.map(({ json }) => String(field(json, "transaction")).toLowerCase()));
  if (transfers.length !== 1) {
    throw new Finding("One authorization must move money once.", "1 transfer", `${transfers.length}`);
  }
  if (named.size === 1 && named.has(transfers[0]?.transaction.toLowerCase() ?? "")) return;
  throw new Finding(
    "The answers do not agree on the one transfer.",
    `every success names ${transfers[0]?.transaction}`,
    [...named].join(", ") || "no success",
  );
};

/**
 * Told that it could not be found out whether the payment is good: as an unexpected error, not as a flaw of the
 * payment. Any other way of not saying yes is a difference.
 */
export const couldNotTell: ReplyCheck = (reply) => {
  const { json } = reply;
  if (field(json, "isValid") === true || field(json, "success") === true)
    throw new Finding("Accepted, although the chain could not be asked.", "no acceptance", told(reply));
  const reason = reasonOf(reply);
  if (codesOfOutage.includes(String(reason))) return;
  throw new Difference(
    reason === undefined
      ? "An outage breaks the call instead of being told."
      : "An outage is told as something else.",
    codesOfOutage.join(" or "),
    told(reply),
  );
};

const codesOfOutage = ["unexpected_verify_error", "unexpected_settle_error"];

/** Told as pending, with the hash by which its outcome can be found. Another code is a difference. */
export const pending: ReplyCheck = async (reply) => {
  const { json } = reply;
  const hash = field(json, "transaction");
  if (field(json, "success") === true)
    throw new Finding("Reported as settled before it was mined.", "success: false", told(reply));
  const isSent = (await reply.broadcasts()).some((sent) => sent.hash === hash);
  if (!isSent)
    throw new Finding(
      "Nobody can find out what becomes of the transaction that was sent.",
      "transaction: its hash",
      told(reply),
    );
  if (isToldPending(reply)) return;
  const reason = reasonOf(reply);
  if (isOfPayment(reason))
    throw new Finding(
      "A transaction that may still be mined is told as a failure: the seller turns its payer away, who pays again.",
      "settlement_pending",
      told(reply),
    );
  throw new Difference(
    "Pending, but not told with the specification's code.",
    "settlement_pending",
    describeJson(reason),
  );
};

/** Whether a settlement is told as pending. v1 has no code for it: there, it is an error that names its transaction. */
export function isToldPending(reply: Reply): boolean {
  const reason = reasonOf(reply);
  if (reason === "settlement_pending") return true;
  const isNamed = isHash(String(field(reply.json, "transaction")));
  return reply.order?.protocol === "x402@1" && reason === "unexpected_settle_error" && isNamed;
}

/** Whether a code says what is wrong with a payment, once and for all. */
function isOfPayment(reason: Json | undefined): boolean {
  return Object.values(reasons).some(({ spec, inUse }) =>
    [...spec, ...inUse].some((code) => code === reason),
  );
}

/** The facilitator's own troubles are not told as the payer's lack of funds. */
export const payerIsNotBlamed: ReplyCheck = (reply) => {
  const reason = reasonOf(reply);
  const blames: readonly string[] = [...reasons.funds.spec, ...reasons.funds.inUse];
  if (!blames.includes(String(reason))) return;
  throw new Difference(
    "The facilitator's own trouble is told as the payer's lack of funds.",
    "unexpected_settle_error",
    describeJson(reason),
  );
};
