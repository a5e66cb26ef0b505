import { setTimeout as delay } from "node:timers/promises";
import { field } from "../../oracles/wire/index.ts";
import { NotApplicable } from "../finding.ts";
import { trying } from "../trying.ts";
import type { Breakage } from "./breakage.ts";
import { isToldPending, truthful } from "./chain-checks.ts";
import { accepted, nothingBroadcast, survived } from "./checks.ts";
import type { Merchant } from "./merchant.ts";
import type { AnyOrder } from "./permit-order.ts";
import type { Reply } from "./reply.ts";

/** How long a facilitator may take to notice what was mined, and how often it is asked meanwhile, in milliseconds. */
const noticing = { atMostMs: 5_000, everyMs: 200 } as const;

/**
 * Has an order settled while something keeps its facilitator from knowing whether the transfer was mined.
 *
 * @throws NotApplicable when it does not say that the settlement is pending
 */
export async function leavePending(t: Merchant, order: AnyOrder, fault: Breakage): Promise<void> {
  const reply = await t.whileBroken(fault, t.present("settle", order).expect(survived));
  if (!isToldPending(reply))
    throw new NotApplicable("The facilitator did not say that the settlement is pending.");
}

/**
 * Asks for a pending settlement until something else is told: a facilitator may look at the chain now and then only.
 *
 * @param when how a finding begins
 * @throws Finding unless it is told as a success that names the transfer, and nothing is sent for it meanwhile
 */
export async function expectResolved(
  t: Merchant,
  order: AnyOrder,
  when = "Asked again after it was mined",
): Promise<void> {
  const end = performance.now() + noticing.atMostMs;
  let reply = await askAgain(t, order);
  while (isToldPending(reply) && performance.now() < end) {
    await delay(noticing.everyMs);
    reply = await askAgain(t, order);
  }
  await trying(when, accepted, truthful(t))(reply);
}

/**
 * Has a payment verified again that was refused for something that is over by now: a facilitator may look at the chain
 * now and then only.
 *
 * @throws Finding unless it verifies
 */
export async function expectVerified(t: Merchant, order: AnyOrder): Promise<void> {
  const end = performance.now() + noticing.atMostMs;
  let reply = await t.present("verify", order).done();
  while (field(reply.json, "isValid") !== true && performance.now() < end) {
    await delay(noticing.everyMs);
    reply = await t.present("verify", order).done();
  }
  await trying("Asked again when that was over", accepted)(reply);
}

function askAgain(t: Merchant, order: AnyOrder): Promise<Reply> {
  return t.present("settle", order).expect(nothingBroadcast).done();
}
