import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Mutant } from "./mutant.ts";
import type { Trial } from "./run-zoo.ts";

/** A trial as it crosses the thread boundary: a mutant is code, and only its id can. */
type TrialMessage = Omit<Trial, "mutant"> & { readonly mutant: string };

/**
 * Tries every mutant and tells of each as it is done. There is one thread more than there are cores, since each waits
 * now and then: for a chain to start, or for money that never comes.
 *
 * @throws Error when a thread fails: a fault of the zoo
 */
export async function tryInLanes(mutants: readonly Mutant[], onTrial: (trial: Trial) => void): Promise<void> {
  const lanes = Math.min(availableParallelism() + 1, mutants.length);
  const shares = Array.from({ length: lanes }, (_, lane) =>
    mutants.filter((_, index) => index % lanes === lane),
  );
  await Promise.all(shares.map((share) => runLane(share, onTrial)));
}

function runLane(mutants: readonly Mutant[], onTrial: (trial: Trial) => void): Promise<void> {
  const worker = new Worker(new URL("./lane.ts", import.meta.url), {
    workerData: mutants.map(({ id }) => id),
  });
  return new Promise((resolve, reject) => {
    worker.on("message", ({ mutant: id, ...trial }: TrialMessage) => {
      const mutant = mutants.find((candidate) => candidate.id === id);
      if (mutant !== undefined) onTrial({ mutant, ...trial });
    });
    worker.on("error", reject);
    worker.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`A thread of the zoo ended with ${code}.`)),
    );
  });
}
