import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** What this process held at a moment, in bytes. */
export interface MemorySample {
  readonly atMs: number;
  /** Reachable JavaScript objects and buffers, right after everything else was collected. */
  readonly held: number;
  /** All that the system gives the process, with what is free in it. */
  readonly resident: number;
}

/** Growth that is no leak: code that is compiled late, and payments that stay open. */
const allowedGrowth = 16 * 2 ** 20;

/** Takes a sample every so often until it is stopped; gives all of them. */
export function watchMemory(intervalMs: number): { stop(): MemorySample[] } {
  const started = performance.now();
  const collect = garbageCollector();
  const samples: MemorySample[] = [];
  const take = () => {
    collect();
    const { heapUsed, external, rss } = process.memoryUsage();
    samples.push({ atMs: performance.now() - started, held: heapUsed + external, resident: rss });
  };
  const timer = setInterval(take, intervalMs);
  return {
    stop() {
      clearInterval(timer);
      take();
      return samples;
    },
  };
}

/** How much more was held in the last quarter than in the second, in bytes; the first is for warming up. */
export function growthOf(samples: readonly MemorySample[]): number {
  const quarter = (index: number) => {
    const from = Math.floor((samples.length * index) / 4);
    const part = samples.slice(from, Math.max(from + 1, Math.floor((samples.length * (index + 1)) / 4)));
    return Math.min(...part.map(({ held }) => held));
  };
  return quarter(3) - quarter(1);
}

/** Whether nothing was gathered that is never let go. */
export function isFlat(samples: readonly MemorySample[]): boolean {
  return growthOf(samples) <= allowedGrowth;
}

function garbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect !== "function") throw new Error("V8 gave no way to collect garbage.");
  return () => void collect();
}
