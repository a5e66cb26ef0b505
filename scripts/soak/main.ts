/** `npm run soak`: loads the sandbox's seller while everything goes wrong in turn, and closes the account at the end. */
import { randomBytes } from "node:crypto";
import { Command, InvalidArgumentError } from "commander";
import { soak } from "./soak.ts";

interface Flags {
  readonly minutes: number;
  readonly seed?: string;
  readonly concurrency: number;
}

const { minutes, seed = randomBytes(4).toString("hex"), concurrency } = readFlags();
const interruption = endOnSignal();
const closes = await soak({
  durationMs: minutes * 60_000,
  seed,
  concurrency,
  signal: interruption.signal,
  print: (line) => console.log(line),
});
process.exit(closes ? interruption.exitCode() : 1);

function readFlags(): Flags {
  return new Command("soak")
    .description("paid loops under random faults from the catalogue; exit 1 when the account does not close")
    .option("--minutes <minutes>", "how long, at least 0.5", atLeast(0.5), 10)
    .option("--seed <seed>", "the same seed injects the same faults; random without it")
    .option("--concurrency <n>", "purchases under way at once", atLeast(1), 8)
    .parse()
    .opts<Flags>();
}

function atLeast(least: number) {
  return (text: string) => {
    const value = Number(text);
    if (value >= least && value <= 1_440) return value;
    throw new InvalidArgumentError(`Expected a number from ${least} to 1440.`);
  };
}

/** The first signal ends the soak in order; a second one at once. */
function endOnSignal() {
  const interruption = new AbortController();
  let exitCode = 0;
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    process.on(signal, () => {
      if (interruption.signal.aborted) process.exit(code);
      exitCode = code;
      interruption.abort();
    });
  }
  return { signal: interruption.signal, exitCode: () => exitCode };
}
