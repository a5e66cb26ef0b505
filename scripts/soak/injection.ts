import { setTimeout as delay } from "node:timers/promises";
import type { AdminClient } from "../../conformance/engine/index.ts";
import type { ScheduledFault } from "./schedule.ts";

/** A fault that was switched on. */
export interface Injected extends ScheduledFault {
  /** Calls that it bit or, for a state, met. */
  readonly reached: number;
}

/**
 * Switches each fault on in its time. Ends after the last, or early at the signal; gives those that were on.
 *
 * @throws Error when the sandbox refuses one
 */
export async function inject(
  faults: readonly ScheduledFault[],
  admin: AdminClient,
  { signal, onFault }: { readonly signal: AbortSignal; readonly onFault: (fault: ScheduledFault) => void },
): Promise<Injected[]> {
  const started = performance.now();
  const injected: Injected[] = [];
  for (const fault of faults) {
    if (!(await isTime(started + fault.atMs, signal))) break;
    onFault(fault);
    const id = await admin.addFault(fault.order);
    await isTime(started + fault.atMs + fault.order.lastsMs, signal);
    injected.push({ ...fault, reached: await admin.faultReached(id) });
    await admin.removeFault(id);
  }
  return injected;
}

/** `false` when it was called off before. */
function isTime(moment: number, signal: AbortSignal): Promise<boolean> {
  return delay(Math.max(0, moment - performance.now()), true, { signal }).catch(() => false);
}
