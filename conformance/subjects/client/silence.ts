import { setTimeout as delay } from "node:timers/promises";
import type { Errand } from "../../engine/client/index.ts";
import type { Patience } from "./patience.ts";

/** How often to look what a client does, in milliseconds. */
const interval = 50;

/** A client that waits for an answer is not silent: it is our turn to speak. */
export async function untilSilent(
  traffic: Errand["traffic"],
  patience: Pick<Patience, "milliseconds" | "sawPause">,
  signal: AbortSignal,
): Promise<void> {
  let seen = traffic().requests;
  let since = Date.now();
  // It came again before anybody looked.
  if (seen > 1) patience.sawPause(interval);
  while (Date.now() - since < patience.milliseconds && !signal.aborted) {
    await pause(signal);
    const { requests, unanswered } = traffic();
    if (requests !== seen) patience.sawPause(Date.now() - since);
    if (requests === seen && unanswered === 0) continue;
    since = Date.now();
    seen = requests;
  }
}

/** Waits until it is time to look again, or the signal ends it. */
export async function pause(signal: AbortSignal): Promise<void> {
  await delay(interval, undefined, { signal }).catch(() => undefined);
}
