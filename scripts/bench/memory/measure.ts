import { startChain } from "#sandbox";
import { audit } from "../loops/audit.ts";
import { type RoundResult, roundResultSchema } from "../loops/round.ts";
import { type Stack, startStack } from "../loops/stacks.ts";
import { type MemoryPoint, type MemoryRun, serverRoles } from "../measurements.ts";
import type { Program, Programs } from "../program.ts";
import { usageOf } from "../usage.ts";

/** How many payments to make, and how long they may take together. */
export interface MemoryPlan {
  readonly payments: number;
  readonly durationMs: number;
}

const inFlight = 32;

/** Loops in progress when the time is over may take this long to end. */
const graceMs = 60_000;

/** How long the buyer may take to tell of a quarter. */
const answerMs = 10_000;

/** Makes payments in four quarters, and asks our facilitator and seller after each what memory they hold. */
export async function measureMemory(programs: Programs, plan: MemoryPlan): Promise<MemoryRun> {
  const chain = await startChain();
  let stack: Stack | undefined;
  try {
    stack = await startStack("ours", chain, programs, ["--expose-gc"]);
    const opening = await chain.ledger.now();
    const points: Record<(typeof serverRoles)[number], MemoryPoint[]> = { facilitator: [], seller: [] };
    const results: RoundResult[] = [];
    for (let quarter = 0; quarter < 4; quarter++) {
      results.push(await payQuarter(stack.buyer, plan));
      for (const role of serverRoles) points[role].push(await usageOf(stack.servers[role]));
    }
    return {
      points,
      audit: audit(results, await chain.ledger.transfersFrom(stack.payer, { after: opening })),
    };
  } finally {
    await stack?.stop();
    await chain.stop();
  }
}

async function payQuarter(buyer: Program, { payments, durationMs }: MemoryPlan): Promise<RoundResult> {
  const round = { inFlight, durationMs: durationMs / 4, maxLoops: Math.ceil(payments / 4), graceMs };
  return roundResultSchema.parse(await buyer.ask(round, round.durationMs + graceMs + answerMs));
}
