import { expect, test } from "vitest";
import { x402V2 } from "#sandbox";
import { type Purchase, runRound } from "./buyer.ts";

const graceMs = 60_000;
const transaction = `0x${"ab".repeat(32)}`;

function bought(changed: Partial<Purchase> = {}): Purchase {
  return { response: new Response("goods"), receipt: { success: true, transaction }, ...changed };
}

/** A second challenge, which says why the payment was not taken. */
function challengeAgain(error: string): Response {
  const challenge = { x402Version: 2 as const, error, resource: { url: "http://127.0.0.1/" }, accepts: [] };
  const { headers } = x402V2.writeChallenge(challenge);
  return new Response("no", { status: 402, headers });
}

test("a round keeps as many purchases under way as it was told, and ends by count", async () => {
  let underWay = 0;
  let most = 0;
  const result = await runRound({ inFlight: 4, durationMs: 60_000, maxLoops: 12, graceMs }, async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise(setImmediate);
    underWay -= 1;
    return bought();
  });
  expect(most).toBe(4);
  expect(result.loops).toHaveLength(12);
  expect(result.failures).toEqual({});
});

test("a round ends by time, after what was begun is done", async () => {
  const result = await runRound({ inFlight: 3, durationMs: 0, maxLoops: 1_000, graceMs }, async () =>
    bought(),
  );
  expect(result.loops).toHaveLength(3);
});

test.each<[string, () => Purchase]>([
  ["status 503", () => bought({ response: new Response("no", { status: 503 }) })],
  ["status 402: invalid_signature", () => bought({ response: challengeAgain("invalid_signature") })],
  ["status 200 without goods", () => bought({ response: new Response("") })],
  ["status 200 without the receipt of a transaction", () => bought({ receipt: undefined })],
  [
    "status 200 without the receipt of a transaction",
    () => bought({ receipt: { success: true, transaction: "" } }),
  ],
  [
    "status 200 without the receipt of a transaction",
    () => bought({ receipt: { success: false, transaction } }),
  ],
])("counts as failed, not as done: %s", async (reason, purchase) => {
  const result = await runRound({ inFlight: 1, durationMs: 0, maxLoops: 1, graceMs }, async () => purchase());
  expect(result).toMatchObject({ loops: [], failures: { [reason]: 1 } });
});

test("a purchase that throws counts as failed by its message", async () => {
  const result = await runRound({ inFlight: 2, durationMs: 0, maxLoops: 2, graceMs }, async () => {
    throw new Error("connection refused");
  });
  expect(result).toMatchObject({ loops: [], failures: { "connection refused": 2 } });
});

test("a purchase that never ends counts as failed, and does not lengthen the round", async () => {
  const { promise: never } = Promise.withResolvers<Purchase>();
  let begun = 0;
  const buy = async () => {
    begun += 1;
    return begun === 1 ? never : bought();
  };
  const began = performance.now();
  const result = await runRound({ inFlight: 2, durationMs: 0, maxLoops: 3, graceMs: 50 }, buy);
  const took = performance.now() - began;
  expect(result.loops).toHaveLength(1);
  expect(result.failures).toEqual({ "no end within 50 ms": 1 });
  expect(result.elapsedMs).toBeLessThan(took);
});
