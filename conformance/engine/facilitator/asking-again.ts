import { setTimeout as delay } from "node:timers/promises";
import { isToldPending } from "./chain-checks.ts";
import { nothingBroadcast } from "./checks.ts";
import type { Merchant } from "./merchant.ts";
import type { AnyOrder } from "./permit-order.ts";
import type { Reply } from "./reply.ts";

/** How long a facilitator may take to notice what was mined, and how often it is asked meanwhile, in milliseconds. */
const noticing = { atMostMs: 5_000, everyMs: 200 } as const;

/**
 * Asks again for a settlement that was told as pending, until something else is told: a facilitator may look at the
 * chain now and then only. Nothing may be sent for it meanwhile.
 *
 * @throws Finding when something is sent
 */
export async function askUntilResolved(t: Merchant, order: AnyOrder): Promise<Reply> {
  const end = performance.now() + noticing.atMostMs;
  for (;;) {
    const reply = await t.present("settle", order).expect(nothingBroadcast).done();
    if (!isToldPending(reply) || performance.now() > end) return reply;
    await delay(noticing.everyMs);
  }
}
