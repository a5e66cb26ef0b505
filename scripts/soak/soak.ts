import { readerOf, type Sandbox, startSandbox } from "#sandbox";
import { openAdmin } from "../../conformance/engine/index.ts";
import {
  type LoadReport,
  loadLines,
  loadPayers,
  progressLine,
  runLoad,
} from "../../conformance/load/index.ts";
import { type Account, accountLines, closes } from "./account.ts";
import { inject } from "./injection.ts";
import { watchMemory } from "./memory.ts";
import { digestOf, leftOut, schedule, scheduleLines } from "./schedule.ts";

/** A soak; times in milliseconds. */
export interface SoakOptions {
  readonly durationMs: number;
  /** Of the payers and of the faults. */
  readonly seed: string;
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
  readonly print: (line: string) => void;
}

const agents = 8;
const worker = { index: 1, count: 1 } as const;

/** Samples of the memory over the whole soak. */
const memorySamples = 40;

/** How long the seller has to sell honestly at the end. */
const lastSalesMs = 2_000;

/** Runs a soak, prints what happens, and says whether the account closes. */
export async function soak(options: SoakOptions): Promise<boolean> {
  const sandbox = await startSandbox({ outlivesCtrlC: true, journalEntries: 500 });
  try {
    const account = await trade(sandbox, options);
    for (const line of accountLines(account)) options.print(line);
    return closes(account);
  } finally {
    await sandbox.stop();
  }
}

async function trade(sandbox: Sandbox, options: SoakOptions): Promise<Account> {
  const { seed, durationMs, signal, print } = options;
  const { adminUrl } = sandbox.description;
  const [first, ...others] = loadPayers(seed, worker, agents).map(({ account }) => account.address);
  if (first === undefined) throw new Error("A soak needs a payer.");
  const faults = schedule(seed, durationMs, [first, ...others]);
  print(`seed ${seed}: ${faults.length} faults, ${digestOf(faults)}`);
  for (const line of scheduleLines(faults)) print(line);
  for (const [name, why] of Object.entries(leftOut)) print(`left out: ${name}, ${why}`);

  const memory = watchMemory(durationMs / memorySamples);
  const load = loadFor(durationMs, sandbox, options);
  const over = new AbortController();
  const injected = await Promise.race([
    inject(faults, openAdmin(adminUrl), {
      signal: AbortSignal.any([over.signal, ...(signal === undefined ? [] : [signal])]),
      onFault: ({ atMs, order }) => print(`${(atMs / 1_000).toFixed(1).padStart(6)} s  ${order.name}`),
    }),
    // A load that fails ends the soak.
    load.then(() => new Promise<never>(() => undefined)),
  ]).finally(() => over.abort());
  const report = await load;
  print(`\n${loadLines(report)}\n`);
  const samples = memory.stop();
  // Also after an interruption, hence without its signal.
  const last = await loadFor(lastSalesMs, sandbox, {
    ...options,
    seed: `${seed} at last`,
    signal: undefined,
  });
  return { faults, injected, report, last, samples, waiting: await waitingTransactions(sandbox) };
}

function loadFor(durationMs: number, { description }: Sandbox, options: SoakOptions): Promise<LoadReport> {
  const { seed, concurrency, signal, print } = options;
  let told = 0;
  return runLoad({
    target: {},
    sandboxUrl: description.adminUrl,
    durationMs,
    concurrency,
    agents,
    unpaid: false,
    seed,
    shard: worker,
    timeoutMs: 30_000,
    repeats: 20,
    graceMs: 15_000,
    signal,
    onProgress: (progress) => {
      told += 1;
      if (told % 10 === 0) print(`         ${progressLine(progress)}`);
    },
  });
}

/** Transactions of the facilitator that no block has taken. */
async function waitingTransactions({ description }: Sandbox): Promise<number> {
  const chain = readerOf(description.rpcUrl);
  const { address } = description.accounts.facilitator;
  const [mined, all] = await Promise.all(
    (["latest", "pending"] as const).map((blockTag) => chain.getTransactionCount({ address, blockTag })),
  );
  return (all ?? 0) - (mined ?? 0);
}
