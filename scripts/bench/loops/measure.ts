import { type Chain, startChain } from "#sandbox";
import { type Concurrency, concurrencies, type LoopsOfSide, type Side, sides } from "../measurements.ts";
import type { Programs } from "../program.ts";
import { usageOf } from "../usage.ts";
import { audit } from "./audit.ts";
import { type Round, roundResultSchema } from "./round.ts";
import { type Stack, startStack } from "./stacks.ts";
import { type RoundRecord, summary } from "./summary.ts";

/** How much to measure. */
export interface LoopsPlan {
  /** Chains for each concurrency on which both sides trade, one after the other. */
  readonly chains: number;
  /** Length of the round that each side has on each chain. */
  readonly durationMs: number;
}

/** A round ends after this many loops even if there is time left. */
const maxLoops = 20_000;

/** Loops in progress when a round's time is over may take this long to end: the official ones now and then never do. */
const graceMs = 20_000;

/** How long a buyer may take to tell of its round. */
const answerMs = 10_000;

/** Before anything is measured: opens every connection, and lets the engines compile what is called often. */
const warmUp = { inFlight: 32, rounds: 2.5, maxLoops: 1_000 } as const;

/**
 * Lets both sides trade on one chain, one after the other, and holds every loop against the chain. Then again on the
 * next chain: each payment is stored for ever, and a block costs Anvil the more the more is stored (2 ms for a
 * thousand); after some thousand one would measure little else.
 */
export async function measureLoops(
  programs: Programs,
  plan: LoopsPlan,
): Promise<Readonly<Record<Side, LoopsOfSide>>> {
  const records: RoundRecord[] = [];
  const audits: Record<Side, ReturnType<typeof audit>[]> = { ours: [], official: [] };
  const turns = Array.from({ length: plan.chains }, () => concurrencies).flat();
  for (const [turn, inFlight] of turns.entries()) {
    const order = turn % 2 === 0 ? sides : sides.toReversed();
    const market = await openMarket(programs);
    try {
      const traded = await trade(market, order, inFlight, plan.durationMs);
      records.push(...traded);
      for (const side of sides) audits[side].push(await auditOf(side, market, traded));
    } finally {
      await market.close();
    }
  }
  const of = (side: Side) =>
    summary(
      records.filter((record) => record.side === side),
      audits[side],
    );
  return { ours: of("ours"), official: of("official") };
}

/** A chain with both sides on it. */
interface Market {
  readonly chain: Chain;
  readonly stacks: Readonly<Record<Side, Stack>>;
  /** The block before the first payment. */
  readonly opening: bigint;
  close(): Promise<void>;
}

async function openMarket(programs: Programs): Promise<Market> {
  const chain = await startChain();
  const started: Stack[] = [];
  const close = async () => {
    await Promise.all(started.map((stack) => stack.stop()));
    await chain.stop();
  };
  const start = async (side: Side) => {
    const stack = await startStack(side, chain, programs);
    started.push(stack);
    return stack;
  };
  try {
    const stacks = { ours: await start("ours"), official: await start("official") };
    return { chain, stacks, opening: await chain.ledger.now(), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function trade(
  { stacks }: Market,
  order: readonly Side[],
  inFlight: Concurrency,
  durationMs: number,
): Promise<RoundRecord[]> {
  const records: RoundRecord[] = [];
  const run = async (side: Side, order: Omit<Round, "graceMs">, measured: Concurrency | undefined) => {
    const round = { ...order, graceMs };
    const stack = stacks[side];
    const before = await processorOf(stack);
    const patienceMs = round.durationMs + graceMs + answerMs;
    const result = roundResultSchema.parse(await stack.buyer.ask(round, patienceMs));
    const after = await processorOf(stack);
    const processorMs = {
      buyer: result.processorMs,
      seller: after.seller - before.seller,
      facilitator: after.facilitator - before.facilitator,
    };
    records.push({ side, measured, result, processorMs });
  };
  const { rounds, ...first } = warmUp;
  for (const side of order) await run(side, { ...first, durationMs: rounds * durationMs }, undefined);
  for (const side of order) await run(side, { inFlight, durationMs, maxLoops }, inFlight);
  return records;
}

/** Processor time of the servers since they began. */
async function processorOf({ servers }: Stack) {
  const [seller, facilitator] = await Promise.all([usageOf(servers.seller), usageOf(servers.facilitator)]);
  return { seller: seller.processorMs, facilitator: facilitator.processorMs };
}

async function auditOf(side: Side, { chain, stacks, opening }: Market, records: readonly RoundRecord[]) {
  const results = records.filter((record) => record.side === side).map(({ result }) => result);
  return audit(results, await chain.ledger.transfersFrom(stacks[side].payer, { after: opening }));
}
