import { expect, test } from "vitest";
import type { Traffic } from "../../engine/client/index.ts";
import { untilSilent } from "./silence.ts";

const nobodyStops = new AbortController().signal;

/** What is seen at the first look, the second, and so on; the last repeats. */
function looks(...seen: Traffic[]) {
  const asked = { times: 0 };
  const traffic = () => {
    asked.times += 1;
    return seen[Math.min(asked.times, seen.length) - 1] ?? { requests: 0, unanswered: 0 };
  };
  return { asked, traffic };
}

/** Little patience, which keeps the pauses that it was told of. */
function littlePatience() {
  const pauses: number[] = [];
  return { pauses, milliseconds: 60, sawPause: (milliseconds: number) => void pauses.push(milliseconds) };
}

test("a client that waits for its answer is not silent", async () => {
  const waiting = Array.from({ length: 20 }, () => ({ requests: 1, unanswered: 1 }));
  const { asked, traffic } = looks(...waiting, { requests: 1, unanswered: 0 });
  await untilSilent(traffic, littlePatience(), nobodyStops);
  expect(asked.times).toBeGreaterThan(waiting.length);
});

test("a client that comes again is not silent, and tells how long it may pause", async () => {
  const patience = littlePatience();
  const { traffic } = looks({ requests: 1, unanswered: 0 }, { requests: 2, unanswered: 0 });
  await untilSilent(traffic, patience, nobodyStops);
  expect(patience.pauses).toHaveLength(1);
});

test("one that came again before anybody looked has paused, too", async () => {
  const patience = littlePatience();
  await untilSilent(looks({ requests: 2, unanswered: 0 }).traffic, patience, nobodyStops);
  expect(patience.pauses).toHaveLength(1);
});

test("nobody waits for a client when the errand is over", async () => {
  const patience = { ...littlePatience(), milliseconds: Number.POSITIVE_INFINITY };
  await untilSilent(looks({ requests: 1, unanswered: 1 }).traffic, patience, AbortSignal.abort());
});
