import { type Chain, startChain } from "#sandbox";
import { type Concurrency, concurrencies, type LoopsOfSide, type Side, sides } from "../measurements.ts";
import type { Programs } from "../program.ts";
import { audit } from "./audit.ts";
import { type RoundResult, roundResultSchema } from "./round.ts";
import { type Stack, startStack } from "./stacks.ts";

/** How much to measure. */
export interface LoopsPlan {
  /** Rounds of each side at each concurrency. */
  readonly rounds: number;
  readonly durationMs: number;
}

/** A round ends after this many loops even if there is time left. */
const maxLoops = 20_000;

/** Loops in progress when a round's time is over may take this long to end. */
const graceMs = 60_000;

/** At the most loops in flight, so that every connection is open before anything is measured. */
const warmUp = { inFlight: 32, share: 0.5 } as const;

interface RoundRecord {
  readonly side: Side;
  readonly inFlight: Concurrency | "warm-up";
  readonly result: RoundResult;
}

/**
 * Lets both sides trade on one chain, round by round in turn, so that whatever slows the machine or the chain down
 * slows both; then holds every loop against the chain.
 */
export async function measureLoops(
  programs: Programs,
  plan: LoopsPlan,
): Promise<Readonly<Record<Side, LoopsOfSide>>> {
  const chain = await startChain();
  try {
    const stacks = {
      ours: await startStack("ours", chain, programs),
      official: await startStack("official", chain, programs),
    };
    const since = await chain.ledger.now();
    const records = await trade(stacks, plan);
    const loopsOf = async (side: Side) => {
      const own = records.filter((record) => record.side === side);
      return summary(own, stacks[side], chain, since);
    };
    return { ours: await loopsOf("ours"), official: await loopsOf("official") };
  } finally {
    await programs.stop();
    await chain.stop();
  }
}

async function trade(stacks: Readonly<Record<Side, Stack>>, plan: LoopsPlan): Promise<RoundRecord[]> {
  const records: RoundRecord[] = [];
  const run = async (side: Side, inFlight: RoundRecord["inFlight"]) => {
    const order =
      inFlight === "warm-up"
        ? { inFlight: warmUp.inFlight, durationMs: plan.durationMs * warmUp.share, maxLoops }
        : { inFlight, durationMs: plan.durationMs, maxLoops };
    const answer = await stacks[side].buyer.ask(order, order.durationMs + graceMs);
    records.push({ side, inFlight, result: roundResultSchema.parse(answer) });
  };

  for (const side of sides) await run(side, "warm-up");
  for (let round = 0; round < plan.rounds; round++) {
    const order = round % 2 === 0 ? sides : sides.toReversed();
    for (const inFlight of concurrencies) for (const side of order) await run(side, inFlight);
  }
  return records;
}

async function summary(
  records: readonly RoundRecord[],
  { payer }: Stack,
  chain: Chain,
  since: bigint,
): Promise<LoopsOfSide> {
  const roundsAt = (concurrency: Concurrency) => {
    const results = records.filter(({ inFlight }) => inFlight === concurrency).map(({ result }) => result);
    return {
      perSecond: results.map(({ loops, elapsedMs }) => (loops.length * 1_000) / elapsedMs),
      latenciesMs: results.flatMap(({ loops }) => loops.map(({ latencyMs }) => latencyMs)),
    };
  };
  const transfers = await chain.ledger.transfersFrom(payer, { after: since });
  return {
    rounds: { 1: roundsAt(1), 8: roundsAt(8), 32: roundsAt(32) },
    audit: audit(
      records.map(({ result }) => result),
      transfers,
    ),
  };
}
