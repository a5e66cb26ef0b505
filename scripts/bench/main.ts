/** `npm run bench`: measures this project, partly against the official TypeScript stack, and says what it found. */
import { writeFile } from "node:fs/promises";
import { Command, InvalidArgumentError, Option } from "commander";
import { measureConformance } from "./conformance-run.ts";
import { measureLoops } from "./loops/measure.ts";
import { machine } from "./machine.ts";
import type { Measurements } from "./measurements.ts";
import { measureMemory } from "./memory/measure.ts";
import { Programs } from "./program.ts";
import { benchReport } from "./report.ts";
import { measureSandbox } from "./sandbox-ready.ts";
import { tableOf } from "./table.ts";

/** How often each thing is measured. */
interface Effort {
  readonly cold: number;
  readonly warm: number;
  readonly conformance: number;
  readonly chains: number;
  readonly roundSeconds: number;
  readonly payments: number;
}

const thorough: Effort = { cold: 3, warm: 7, conformance: 3, chains: 3, roundSeconds: 2, payments: 20_000 };
const quick: Effort = { cold: 1, warm: 2, conformance: 1, chains: 1, roundSeconds: 1, payments: 2_000 };

const parts = ["sandbox", "conformance", "loops", "memory"] as const;

/** Payments whose memory is measured end after this time, however many there were; a slow machine takes that long. */
const longestMemoryMs = 600_000;
type Part = (typeof parts)[number];

interface Flags {
  readonly quick?: true;
  readonly json: string;
  readonly duration?: number;
  readonly only?: Part;
}

const { quick: isQuick, json, duration, only } = readFlags();
const effort = isQuick ? quick : thorough;
const startedAt = new Date();
const programs = new Programs();
const interrupted = endOnSignal(programs);

try {
  const measured = await measure(only === undefined ? parts : [only], duration ?? effort.roundSeconds);
  const report = benchReport(measured, { startedAt, machine: machine() });
  await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
  console.log(`\n${tableOf(report)}\n\nWritten to ${json}.`);
  // A slow machine is no failure; loops that were not paid make the figures worthless.
  if (report.checks.some(({ ok }) => !ok)) process.exitCode = 1;
} catch (error) {
  // What waits for a program that was ended fails, and need not say so.
  if (!interrupted.aborted) throw error;
} finally {
  await programs.stop();
}

async function measure(chosen: readonly Part[], roundSeconds: number): Promise<Measurements> {
  const measured: { -readonly [part in keyof Measurements]: Measurements[part] } = {};
  if (chosen.includes("sandbox")) {
    console.error("starting the sandbox, cold and warm …");
    measured.sandbox = await measureSandbox(programs, effort);
  }
  if (chosen.includes("conformance")) {
    console.error("running the seller suite …");
    measured.conformance = await measureConformance(programs, effort.conformance);
  }
  if (chosen.includes("loops")) {
    console.error("paying, in turn with the official stack …");
    const plan = { chains: effort.chains, durationMs: roundSeconds * 1_000 };
    measured.loops = await measureLoops(programs, plan);
  }
  if (chosen.includes("memory")) {
    console.error("paying very often, and watching the memory …");
    const durationMs = duration === undefined ? longestMemoryMs : 4_000 * duration;
    measured.memory = await measureMemory(programs, { payments: effort.payments, durationMs });
  }
  return measured;
}

function readFlags(): Flags {
  return new Command("bench")
    .description(
      "measure start-up, the seller suite, paid loops per second beside the official stack, and memory",
    )
    .option("--quick", "few samples, for a first impression")
    .option("--json <file>", "where to write the figures", "bench.json")
    .option(
      "--duration <seconds>",
      "length of each round of paid loops, and of each quarter of the memory's",
      seconds,
    )
    .addOption(new Option("--only <part>", "measure one part only").choices(parts))
    .parse()
    .opts<Flags>();
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 600))
    throw new InvalidArgumentError("Expected seconds, more than 0 and up to 600.");
  return value;
}

/** Ends all programs at Ctrl-C or SIGTERM; what waits for one ends with it, and so does the run. A second ends all at once. */
function endOnSignal(running: Programs): AbortSignal {
  const interruption = new AbortController();
  for (const [signal, exitCode] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    process.on(signal, () => {
      if (interruption.signal.aborted) process.exit(exitCode);
      process.exitCode = exitCode;
      interruption.abort();
      void running.stop();
    });
  }
  return interruption.signal;
}
