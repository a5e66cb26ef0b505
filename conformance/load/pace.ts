import { setTimeout as delay } from "node:timers/promises";

/** Does one thing, and says whether it went well; `due` is the moment at which it was to begin (`performance.now()`). */
export type Once = (due: number) => Promise<boolean>;

/** How long a lane rests after a failure, in milliseconds: a seller that is gone would be asked without end. */
const restAfterFailure = 20;

/**
 * Closed loop: keeps `lanes` things under way, each lane beginning the next when its last is done, at least one each,
 * as long as `goOn` says so. What was begun is finished.
 */
export async function closedLoop(lanes: number, goOn: () => boolean, once: Once): Promise<void> {
  await inLanes(lanes, async () => {
    do {
      const isWell = await once(performance.now());
      if (!isWell && goOn()) await delay(restAfterFailure);
    } while (goOn());
  });
}

/** When things are due. */
export interface Arrivals {
  readonly perSecond: number;
  /** How long things go on being due. */
  readonly durationMs: number;
  /** Ends it before its time. */
  readonly signal: AbortSignal;
}

/**
 * Open loop: things are due at a steady rate, whether or not earlier ones are done. When all lanes are busy they begin
 * late, and their time counts from the moment at which they were due, so that a seller that stalls cannot hide it
 * (no coordinated omission). What was begun is finished.
 *
 * @returns how many were due and never begun, because all lanes were busy until the end
 */
export async function openLoop(
  lanes: number,
  { perSecond, durationMs, signal }: Arrivals,
  once: Once,
): Promise<number> {
  const opened = performance.now();
  // Moments are told from the opening on: added to it, they would lose the last digits, and count one too many.
  const now = () => performance.now() - opened;
  let begun = 0;
  const dueAt = (position: number) => (position * 1_000) / perSecond;
  let end = durationMs;
  const close = () => {
    end = Math.min(end, now());
  };
  signal.addEventListener("abort", close, { once: true });
  if (signal.aborted) close();
  await inLanes(lanes, async () => {
    for (;;) {
      const due = dueAt(begun);
      // Who is late begins as long as there is time; what was not even due then is nobody's backlog.
      if (due >= end || now() >= end) return;
      begun += 1;
      const early = due - now();
      if (early > 0 && !(await waited(early, signal))) {
        begun -= 1;
        return;
      }
      await once(opened + due);
    }
  });
  signal.removeEventListener("abort", close);
  const due = Math.ceil((end * perSecond) / 1_000);
  return Math.max(0, due - begun);
}

async function inLanes(lanes: number, lane: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** `false` when it was called off. */
function waited(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return delay(milliseconds, true, { signal }).catch(() => false);
}
