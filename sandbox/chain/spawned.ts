import { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { z } from "zod";

/** A process that a library has started. */
export interface Spawned {
  readonly pid: number;
  /** Sends a signal to it; `false` when it has ended already. */
  kill(signal: NodeJS.Signals): boolean;
}

const creation = z.object({ process: z.instanceof(ChildProcess) });

/**
 * The process that a library is about to start, found by an argument that only it has. @viem/anvil
 * keeps its process to itself, and its own stop() fails out of reach of any catch when the process takes its time.
 */
export function spawnedWith(argument: string): Promise<Spawned> {
  return new Promise((resolve) => {
    const onCreation = (message: unknown) => {
      const created = creation.safeParse(message);
      if (!created.success) return;
      const child = created.data.process;
      // Its arguments are not known yet when it is created.
      child.once("spawn", () => {
        const { pid } = child;
        if (pid === undefined || !child.spawnargs.includes(argument)) return;
        unsubscribe("child_process", onCreation);
        // Not the process itself: execa makes it a promise of its end, which would be waited for here.
        resolve({ pid, kill: (signal) => child.kill(signal) });
      });
    };
    subscribe("child_process", onCreation);
  });
}
