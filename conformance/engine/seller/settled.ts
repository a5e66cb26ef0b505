import { setTimeout as delay } from "node:timers/promises";
import { isAddressEqual } from "viem";
import type { Transfer } from "#sandbox";
import { Finding, Unproven } from "../finding.ts";
import { isChargedNothing, toldCharge } from "./charge.ts";
import type { Check, Observed } from "./observed.ts";

/** How long a settlement that must come may take to show on chain, in milliseconds. */
const settlementPatience = 5_000;

/**
 * Exactly `count` transfers of the payer since the request, or up to `most`; each pays the price to payTo. Waits for
 * those that must come.
 */
export function settled(count: number, most = count): Check {
  return async (observed) => {
    const transfers = await transfersOnceThereAre(observed, count);
    if (transfers.length < count || transfers.length > most)
      throw new Finding(
        moneyMessage(observed, transfers.length, count),
        money(count),
        money(transfers.length),
      );
    for (const transfer of transfers) paysThePrice(transfer, observed);
  };
}

/** Charged once if it was delivered, and not at all if it was not. */
export const chargedAsDelivered: Check = (observed) => {
  const { status: code } = observed.answer;
  return settled(code >= 200 && code < 300 ? 1 : 0)(observed);
};

/** The transfer is on chain when the answer arrives, not some time later. */
export const settledBeforeAnswer: Check = async (observed) => {
  const transfers = await observed.transfers();
  if (transfers.length > 0) return;
  throw new Finding(
    "The content was delivered before the payment was settled.",
    "a transfer on chain when the answer arrives",
    "none yet",
  );
};

/** The transfer is on chain when the first byte of the answer's body arrives. */
export const settledBeforeFirstByte: Check = async ({ firstByteAt, transfers }) => {
  if (firstByteAt === undefined) throw new Unproven("The answer has no body, so no byte of it can be early.");
  if ((await transfers()).some(({ block }) => block <= firstByteAt)) return;
  throw new Finding(
    "The first byte was sent before the payment was settled.",
    "a transfer on chain when the first byte arrives",
    "none yet",
  );
};

/** What was charged has moved: the price, once, or what the receipt says of `upto`, which may be nothing. */
export const charged: Check = async (observed) => {
  const told = toldCharge(observed.payment, observed.answer);
  if (told === undefined) return settled(1)(observed);
  const count = told === "0" ? 0 : 1;
  const transfers = await transfersOnceThereAre(observed, count);
  if ((transfers.length === 0) === (count === 0)) return settled(count)(observed);
  throw new Finding(
    `The receipt tells a charge of ${JSON.stringify(told)}, and ${count === 0 ? "money" : "no money"} moved.`,
    money(count),
    money(transfers.length),
  );
};

/** What has moved, in atomic units, once it has, where the receipt tells a charge. */
export async function amountMoved(observed: Observed): Promise<bigint> {
  const count = isChargedNothing(observed.payment, observed.answer) ? 0 : 1;
  const transfers = await transfersOnceThereAre(observed, count);
  return transfers.reduce((sum, { value }) => sum + value, 0n);
}

async function transfersOnceThereAre(observed: Observed, count: number): Promise<readonly Transfer[]> {
  const deadline = Date.now() + settlementPatience;
  let transfers = await observed.transfers();
  while (transfers.length < count && Date.now() < deadline) {
    await delay(25);
    transfers = await observed.transfers();
  }
  return transfers;
}

function paysThePrice(transfer: Transfer, { payment }: Observed): void {
  if (payment === undefined) return;
  const isBound = payment.method === "upto";
  const isRight = isBound ? transfer.value <= payment.amount : transfer.value === payment.amount;
  if (isRight && isAddressEqual(transfer.to, payment.payTo)) return;
  throw new Finding(
    "The payer was charged otherwise than the challenge said.",
    `${isBound ? "at most " : ""}${payment.amount} to ${payment.payTo}`,
    `${transfer.value} to ${transfer.to} in ${transfer.transaction}`,
  );
}

function moneyMessage({ request, answer }: Observed, found: number, expected: number): string {
  const { status } = answer;
  const answered = `${request.method} ${request.target}, which was answered with ${status}.`;
  if (expected === 0)
    return status >= 400 ? "Money moved although the request was refused." : `Money moved for ${answered}`;
  if (found === 0)
    return status < 300
      ? "No money moved although the request was served."
      : `No money moved for ${answered}`;
  if (expected === 1) return "The payer was charged more than once.";
  return found < expected ? "Less was settled than was delivered." : "More was settled than was delivered.";
}

function money(count: number): string {
  return count === 1 ? "1 transfer on chain" : `${count} transfers on chain`;
}
