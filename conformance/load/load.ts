import { openLedger, Problem, readerOf, type SandboxDescription } from "#sandbox";
import { openAdmin } from "../engine/index.ts";
import { isGood, openAgent, type Trade } from "./agent.ts";
import { Books } from "./books.ts";
import { deadlineIn } from "./deadline.ts";
import { Latencies } from "./latencies.ts";
import { closedLoop, openLoop } from "./pace.ts";
import { loadPayers, type NamedPayer } from "./payers.ts";
import type { LoadReport, Shard } from "./report.ts";
import { type LoadTarget, type Stage, setStage } from "./stage.ts";
import { Tally } from "./tally.ts";

/** How much to buy, how, and where. Times are in milliseconds. */
export interface LoadOptions {
  readonly target: LoadTarget;
  /** Admin URL of a running sandbox. */
  readonly sandboxUrl?: string | undefined;
  readonly durationMs: number;
  /** Most purchases under way at once. */
  readonly concurrency: number;
  /** Buyers with a payer of their own, who take turns. */
  readonly agents: number;
  /** Purchases due per second; without it, each lane begins when its last purchase is done. */
  readonly rate?: number | undefined;
  /** Only ask for prices. */
  readonly unpaid: boolean;
  /** Of the payers. */
  readonly seed: string;
  readonly shard: Shard;
  /** Longest that one attempt of a purchase may take. */
  readonly timeoutMs: number;
  /** How often the same payment is presented again where its error says that this helps. */
  readonly repeats: number;
  /** Longest that settlements are waited for at the end. */
  readonly graceMs: number;
  /** Ends the load before its time; the books are closed all the same. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** How a load stands. */
export interface Progress {
  readonly elapsedMs: number;
  readonly good: number;
  readonly other: number;
  readonly underWay: number;
  /** Since the last progress. */
  readonly perSecond: number;
  readonly p95Ms: number | undefined;
}

/** USDC that each agent starts with, in atomic units: a billion dollars. */
const startingFunds = 1_000_000_000_000_000n;

/** How long purchases under way may take when the load is ended before its time, in milliseconds. */
const hurry = 5_000;

const progressInterval = 1_000;

/**
 * Lets agents buy from a seller until the time is over, and holds what was delivered against the chain.
 *
 * @throws Problem as `setStage`; `subject-unreachable` when the seller does not answer at all
 */
export async function runLoad(options: LoadOptions): Promise<LoadReport> {
  const stage = await setStage(options);
  try {
    await requireAnswer(stage, options);
    return await loadOn(stage, options);
  } finally {
    await stage.stop();
  }
}

async function loadOn(stage: Stage, options: LoadOptions): Promise<LoadReport> {
  const { seed, shard, agents: wanted, concurrency, rate, durationMs, timeoutMs, repeats, graceMs } = options;
  const { signal, onProgress } = options;
  const payers = loadPayers(seed, shard, wanted);
  const counter = options.unpaid ? undefined : await openCounter(stage.sandbox, payers);
  const abandon = new AbortController();
  const latencies = new Latencies();
  const { request } = stage;
  const trade: Trade = { request, latencies, timeoutMs, repeats, abandoned: abandon.signal, ...counter };
  const agents = payers.map((payer) => openAgent(payer, trade));
  const tally = new Tally();

  const startedAt = new Date();
  const started = performance.now();
  const ending = endOf(durationMs, signal, abandon);
  const watch = watching(tally, latencies, onProgress);
  let begun = 0;
  const once = async (due: number) => {
    const agent = agents[begun % agents.length];
    begun += 1;
    if (agent === undefined) throw new Error("A load needs an agent.");
    watch.underWay += 1;
    const outcome = await agent.buy(due);
    watch.underWay -= 1;
    tally.count(agent.name, outcome);
    return isGood(outcome);
  };
  const neverBegun =
    rate === undefined
      ? await closedLoop(concurrency, () => !ending.over.aborted, once).then(() => 0)
      : await openLoop(concurrency, { perSecond: rate, durationMs, signal: ending.over }, once);
  const elapsedMs = performance.now() - started;
  watch.stop();
  ending.stop();
  for (const agent of agents) agent.close();
  const audit = await counter?.books.close(graceMs);

  return {
    schemaVersion: 1,
    kind: "load",
    subject: stage.subject,
    paid: !options.unpaid,
    seeds: [seed],
    shards: { present: [shard.index], missing: [], count: shard.count },
    startedAt: startedAt.toISOString(),
    durationMs: elapsedMs,
    interrupted: signal?.aborted === true,
    agents: agents.map(({ name, payer }) => ({ name, payer, ...tally.of(name) })),
    concurrency,
    ...(rate === undefined ? {} : { rate }),
    begun,
    neverBegun,
    perSecond: (tally.good * 1_000) / elapsedMs,
    steps: latencies.times(),
    outcomes: tally.outcomes(),
    ...(audit === undefined ? {} : { audit }),
  };
}

/** Funds the payers, and opens the books on them. */
async function openCounter(sandbox: SandboxDescription | undefined, payers: readonly NamedPayer[]) {
  if (sandbox === undefined) throw new Error("Without a sandbox nothing can be paid.");
  const { adminUrl, rpcUrl, asset, network } = sandbox;
  const addresses = payers.map(({ account }) => account.address);
  await openAdmin(adminUrl).fund(addresses, startingFunds);
  const { timestamp } = await readerOf(rpcUrl).getBlock();
  // A chain on which nothing happened for a while is not behind: its next block has the present time.
  const clockAhead = Math.max(0, Number(timestamp) - Math.floor(Date.now() / 1_000));
  return { books: await Books.open(openLedger(rpcUrl, asset), addresses), network, clockAhead };
}

/** When no purchase is begun any more, and, after an interruption, when none is waited for any more. */
function endOf(durationMs: number, signal: AbortSignal | undefined, abandon: AbortController) {
  const { signal: over, clear } = deadlineIn(durationMs, signal);
  let timer: NodeJS.Timeout | undefined;
  const giveUp = () => {
    timer = setTimeout(() => abandon.abort(), hurry);
  };
  if (signal?.aborted === true) giveUp();
  signal?.addEventListener("abort", giveUp, { once: true });
  return {
    over,
    stop() {
      clear();
      signal?.removeEventListener("abort", giveUp);
      clearTimeout(timer);
    },
  };
}

/** Tells how the load stands, every second. */
function watching(tally: Tally, latencies: Latencies, onProgress: LoadOptions["onProgress"]) {
  const started = performance.now();
  let before = { at: started, good: 0 };
  const tell = () => {
    const at = performance.now();
    const { good, other } = tally;
    onProgress?.({
      elapsedMs: at - started,
      good,
      other,
      underWay: watch.underWay,
      perSecond: ((good - before.good) * 1_000) / (at - before.at),
      p95Ms: latencies.percentile("loop", 95),
    });
    before = { at, good };
  };
  const timer = onProgress === undefined ? undefined : setInterval(tell, progressInterval);
  const watch = { underWay: 0, stop: () => clearInterval(timer) };
  return watch;
}

/**
 * Asks once, without a payment.
 *
 * @throws Problem `subject-unreachable`
 */
async function requireAnswer({ request, subject }: Stage, { timeoutMs, signal }: LoadOptions): Promise<void> {
  const { url, method, headers, body = null } = request;
  const time = deadlineIn(timeoutMs, signal);
  try {
    const answer = await fetch(url, { method, headers, body, redirect: "manual", signal: time.signal });
    await answer.body?.cancel();
  } catch (cause) {
    signal?.throwIfAborted();
    const reason =
      cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
    throw new Problem(
      "subject-unreachable",
      `${subject} does not answer: ${reason}.`,
      "Start the seller first, or let load start it with --start.",
      { cause },
    );
  } finally {
    time.clear();
  }
}
