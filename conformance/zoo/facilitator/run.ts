import { type SandboxDescription, startSandbox } from "#sandbox";
import { facilitatorCases } from "../../cases/facilitator/index.ts";
import { facilitatorBench, openFacilitatorContext } from "../../engine/facilitator/index.ts";
import { runCases } from "../../engine/index.ts";
import { type FacilitatorSubject, startReferenceFacilitator } from "../../subjects/index.ts";
import { type Judgement, type Trial, trialOf } from "../trial.ts";
import type { FacilitatorMutant } from "./mutant.ts";

/** Runs every case against each mutant, one after the other, each on a fresh chain. */
export async function* tryFacilitatorMutants(mutants: readonly FacilitatorMutant[]): AsyncGenerator<Trial> {
  for (const mutant of mutants) {
    const sandbox = await startSandbox();
    try {
      yield await tryMutant(mutant, sandbox.description);
    } finally {
      await sandbox.stop();
    }
  }
}

async function tryMutant(mutant: FacilitatorMutant, sandbox: SandboxDescription): Promise<Trial> {
  let reached = 0;
  const variation = mutant.build(() => {
    reached += 1;
  });
  const subject = await startReferenceFacilitator(sandbox, `mutant ${mutant.id}`, variation);
  try {
    return trialOf(mutant, await judgeFacilitatorIn(sandbox, subject), reached);
  } finally {
    await subject.stop();
  }
}

/** Runs every case against a facilitator in this thread. */
export async function judgeFacilitatorIn(
  sandbox: SandboxDescription,
  { setup }: Pick<FacilitatorSubject, "setup">,
  timeoutMs = 10_000,
): Promise<Judgement> {
  const context = await openFacilitatorContext({
    role: "facilitator",
    adminUrl: sandbox.adminUrl,
    subject: setup,
    seed: setup.name,
    timeoutMs,
    replay: "npm run zoo",
  });
  const results = await runCases(facilitatorCases, facilitatorBench(context));
  return { results, sold: (await context.honestSettlement("x402@2")).kind === "holds" };
}
