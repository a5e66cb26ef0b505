import type { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { z } from "zod";

const spawnMessage = z.object({
  process: z.custom<ChildProcess>(
    (value) => typeof value === "object" && value !== null && "spawnargs" in value && "kill" in value,
  ),
});

/**
 * The process that a library is about to start, found by an argument that only it has. @viem/anvil keeps its process
 * to itself, and its own stop() fails out of reach of any catch when the process takes its time to end.
 */
export function processStartedWith(argument: string): Promise<ChildProcess> {
  return new Promise((resolve) => {
    const onSpawn = (message: unknown) => {
      const spawned = spawnMessage.safeParse(message);
      if (!spawned.success || !spawned.data.process.spawnargs.includes(argument)) return;
      unsubscribe("child_process", onSpawn);
      resolve(spawned.data.process);
    };
    subscribe("child_process", onSpawn);
  });
}
