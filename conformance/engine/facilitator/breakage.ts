import { setTimeout as delay } from "node:timers/promises";
import type { FaultName } from "#sandbox";
import type { AdminClient } from "../admin-client.ts";

/** Something that goes wrong on the chain, and what follows from it. */
export interface Breakage {
  readonly name: FaultName;
  /** How many calls it bites; all while it lasts without it. */
  readonly times?: number;
  /** Everybody feels it, and not this case's payer alone; only for cases that run alone. */
  readonly forAll?: true;
  /** How often it may cost the payer without a settlement that is reported. */
  readonly debits?: number;
  /** What was reported as settled meanwhile may be undone. */
  readonly undoes?: true;
}

/** Whether a fault bites calls about a transaction, which must have been sent by then. */
export function bitesAfterSending(name: FaultName): boolean {
  return name === "rpc-receipts-missing" || name === "rpc-receipts-refused";
}

/** How often the sandbox is asked whether a fault was reached, in milliseconds. */
const pollMs = 25;

/**
 * Waits until a fault that {@link bitesAfterSending} was reached, or ends. What the facilitator waits for from then on
 * need not hold up others.
 */
export async function faultReached(admin: AdminClient, id: number, end: AbortSignal): Promise<void> {
  while (!(end.aborted || (await admin.faultReached(id)) > 0))
    await delay(pollMs, undefined, { signal: end }).catch(() => undefined);
}
