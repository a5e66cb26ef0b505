import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { MutantFacts, Thoroughness, Trial } from "./trial.ts";
import { type Zoo, zoos } from "./zoos.ts";

/** A trial as it crosses the thread boundary: a mutant is code, and only its id can. */
type TrialMessage = Omit<Trial, "mutant"> & { readonly mutant: string };

/**
 * Tries mutants of any role and tells of each as it is done. There is one thread more than there are cores, since each
 * waits now and then: for a chain to start, or for money that never comes.
 *
 * @throws Error when a thread fails: a fault of the zoo
 */
export async function tryInLanes(
  mutants: readonly MutantFacts[],
  onTrial: (trial: Trial) => void,
  thoroughness: Thoroughness = "whole",
): Promise<void> {
  for (const zoo of zoos) await tryZoo(zoo, mutants, onTrial, thoroughness);
}

async function tryZoo(
  { role, mutants: all }: Zoo,
  wanted: readonly MutantFacts[],
  onTrial: (trial: Trial) => void,
  thoroughness: Thoroughness,
): Promise<void> {
  const mutants = all.filter((mutant) => wanted.includes(mutant));
  const lanes = Math.min(availableParallelism() + 1, mutants.length);
  const shares = Array.from({ length: lanes }, (_, lane) =>
    mutants.filter((_, index) => index % lanes === lane),
  );
  await Promise.all(
    shares.map((share) => runLane({ role, ids: share.map(({ id }) => id), thoroughness }, share, onTrial)),
  );
}

/** What a thread is told: a mutant is code, and only its id can cross. */
interface Errand {
  readonly role: string;
  readonly ids: readonly string[];
  readonly thoroughness: Thoroughness;
}

function runLane(
  errand: Errand,
  mutants: readonly MutantFacts[],
  onTrial: (trial: Trial) => void,
): Promise<void> {
  const worker = new Worker(new URL("./lane.ts", import.meta.url), { workerData: errand });
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
