import { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { z } from "zod";

/** Sends a signal to a process; `false` when it has ended already. */
export type Kill = (signal: NodeJS.Signals) => boolean;

const creation = z.object({ process: z.instanceof(ChildProcess) });

/**
 * How to signal the process that a library is about to start, found by an argument that only it has. @viem/anvil
 * keeps its process to itself, and its own stop() fails out of reach of any catch when the process takes its time.
 */
export function killerOfProcessWith(argument: string): Promise<Kill> {
  return new Promise((resolve) => {
    const onCreation = (message: unknown) => {
      const created = creation.safeParse(message);
      if (!created.success) return;
      const child = created.data.process;
      // Its arguments are not known yet when it is created.
      child.once("spawn", () => {
        if (!child.spawnargs.includes(argument)) return;
        unsubscribe("child_process", onCreation);
        // Not the process itself: execa makes it a promise of its end, which would be waited for here.
        resolve((signal) => child.kill(signal));
      });
    };
    subscribe("child_process", onCreation);
  });
}
