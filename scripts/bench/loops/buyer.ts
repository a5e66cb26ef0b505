import { setTimeout as delay } from "node:timers/promises";
import { isHex } from "viem";
import { z } from "zod";
import { x402V2 } from "#sandbox";
import { type Round, type RoundResult, roundSchema } from "./round.ts";

/** What a buyer finds in its environment. */
const environmentSchema = z.object({
  X402_URL: z.url(),
  PAYER_PRIVATE_KEY: z.custom<`0x${string}`>((value) => isHex(value), "expected hex"),
});

/** What one purchase brought. */
export interface Purchase {
  readonly response: Response;
  /** The decoded PAYMENT-RESPONSE. */
  readonly receipt: unknown;
}

/** Buys once: asks, signs, pays. */
export type Buy = () => Promise<Purchase>;

const receiptSchema = z.object({
  success: z.literal(true),
  transaction: z.string().regex(/^0x[0-9a-f]{64}$/i),
});

/** Runs this process as a buyer: it buys in the rounds that its parent orders, until the parent is gone. */
export function serveRounds(prepare: (url: string, privateKey: `0x${string}`) => Buy): void {
  const environment = environmentSchema.parse(process.env);
  const buy = prepare(environment.X402_URL, environment.PAYER_PRIVATE_KEY);
  process.on("message", (order) => {
    void runRound(roundSchema.parse(order), buy).then((result) => process.send?.(result));
  });
  process.once("disconnect", () => process.exit());
  process.once("SIGTERM", () => process.exit());
}

/** Keeps `inFlight` purchases under way until the time or the count is reached, and waits for those that are begun. */
export async function runRound(
  { inFlight, durationMs, maxLoops, graceMs }: Round,
  buy: Buy,
): Promise<RoundResult> {
  const loops: RoundResult["loops"] = [];
  const failures: RoundResult["failures"] = {};
  const started = performance.now();
  const processor = process.cpuUsage();
  let begun = 0;
  let ended = 0;
  let lastEnd = started;

  async function buyInTurn(): Promise<void> {
    do {
      begun += 1;
      const asked = performance.now();
      try {
        const transaction = await buyOnce(buy);
        loops.push({ latencyMs: performance.now() - asked, transaction });
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        failures[reason] = (failures[reason] ?? 0) + 1;
      }
      ended += 1;
      lastEnd = performance.now();
    } while (begun < maxLoops && performance.now() - started < durationMs);
  }

  const patience = new AbortController();
  const late = delay(durationMs + graceMs, undefined, patience).catch(() => undefined);
  await Promise.race([Promise.all(Array.from({ length: inFlight }, buyInTurn)), late]);
  patience.abort();
  const { user, system } = process.cpuUsage(processor);
  return {
    elapsedMs: lastEnd - started,
    processorMs: (user + system) / 1_000,
    loops: [...loops],
    failures: begun === ended ? failures : { ...failures, [`no end within ${graceMs} ms`]: begun - ended },
  };
}

/** A loop counts when the goods came, with the receipt of a transaction. */
async function buyOnce(buy: Buy): Promise<string> {
  const { response, receipt } = await buy();
  const goods = await response.text();
  if (response.status !== 200) throw new Error(refusal(response));
  if (goods === "") throw new Error("status 200 without goods");
  const read = receiptSchema.safeParse(receipt);
  if (!read.success) throw new Error("status 200 without the receipt of a transaction");
  return read.data.transaction;
}

/** The status, and the reason that a challenge gives. */
function refusal({ status, headers }: Response): string {
  const challenge = x402V2.readChallenge({ status, headers: Object.fromEntries(headers), body: "" });
  const reason = challenge?.ok ? challenge.value.error : undefined;
  return reason === undefined ? `status ${status}` : `status ${status}: ${reason}`;
}
