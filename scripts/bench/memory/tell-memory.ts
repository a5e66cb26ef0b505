/** Preloaded into a program of the benchmark: answers every message of its parent with the memory that it holds. */
import type { MemoryPoint } from "../measurements.ts";

process.on("message", () => {
  global.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  process.send?.({ used: heapUsed + external, resident: rss } satisfies MemoryPoint);
});
// Nothing that the program waits for.
process.channel?.unref();
