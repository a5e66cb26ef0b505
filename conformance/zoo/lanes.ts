import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { declaredOf, type MutantFacts, type Thoroughness, type Trial } from "./trial.ts";

/** A trial as it comes from another process: a mutant is code, and only its id can. */
type TrialMessage = Omit<Trial, "mutant">;

/**
 * Tries mutants of any role and tells of each as it is done. There are two processes more than there are cores, since each
 * waits now and then: for a chain to start, or for money that never comes. They are no threads, because Hardhat's
 * native part does not survive that a thread which loaded it ends.
 *
 * @throws Error when a process fails: a fault of the zoo
 */
export async function tryInLanes(
  mutants: readonly MutantFacts[],
  onTrial: (trial: Trial) => void,
  thoroughness: Thoroughness = "whole",
): Promise<void> {
  const waiting = [...mutants];
  const lanes = Math.min(availableParallelism() + 2, mutants.length);
  await Promise.all(Array.from({ length: lanes }, () => runLane(waiting, onTrial, thoroughness)));
}

/** A process that takes the next mutant whenever it is done with one, until none is left. */
function runLane(
  waiting: MutantFacts[],
  onTrial: (trial: Trial) => void,
  thoroughness: Thoroughness,
): Promise<void> {
  const lane = fork(new URL("./lane.ts", import.meta.url), {
    execArgv: [],
    serialization: "advanced",
  });
  let current: MutantFacts | undefined;
  const takeNext = () => {
    current = waiting.shift();
    if (current === undefined) lane.disconnect();
    else lane.send({ id: current.id, thoroughness });
  };
  takeNext();
  return new Promise((resolve, reject) => {
    lane.on("message", (trial: TrialMessage) => {
      if (current !== undefined) onTrial({ ...trial, mutant: declaredOf(current, thoroughness) });
      takeNext();
    });
    lane.on("error", reject);
    lane.on("exit", (code, signal) => {
      if (code === 0) return resolve();
      reject(new Error(`A process of the zoo ended with ${signal ?? code} at ${current?.id}.`));
    });
  });
}
