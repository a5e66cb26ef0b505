/** Preloaded into a server of the benchmark: answers every message of its parent with what it has used so far. */
import type { Usage } from "./usage.ts";

process.on("message", () => {
  // There with --expose-gc only, where memory is measured.
  global.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  process.send?.({
    used: heapUsed + external,
    resident: rss,
    processorMs: (user + system) / 1_000,
  } satisfies Usage);
});
// Nothing that the program waits for.
process.channel?.unref();
