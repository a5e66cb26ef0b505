import type { SandboxDescription } from "#sandbox";
import { facilitatorCases } from "../../cases/facilitator/index.ts";
import { facilitatorBench, openFacilitatorContext } from "../../engine/facilitator/index.ts";
import { runCases } from "../../engine/index.ts";
import { type FacilitatorSubject, startReferenceFacilitator } from "../../subjects/index.ts";
import { casesFor, type Judgement, type Thoroughness, type Trial, trialOf } from "../trial.ts";
import type { FacilitatorMutant } from "./mutant.ts";

/** Runs cases against a mutant, in a sandbox that no other subject has used. */
export async function tryFacilitatorMutant(
  mutant: FacilitatorMutant,
  sandbox: SandboxDescription,
  thoroughness: Thoroughness,
): Promise<Trial> {
  let reached = 0;
  const variation = mutant.build(() => {
    reached += 1;
  });
  const subject = await startReferenceFacilitator(sandbox, `mutant ${mutant.id}`, variation);
  try {
    const cases = casesFor(mutant, facilitatorCases, thoroughness);
    const judgement = await judgeFacilitatorIn(sandbox, subject, 10_000, cases);
    return trialOf(mutant, thoroughness, judgement, reached);
  } finally {
    await subject.stop();
  }
}

/** Runs cases, all without any given, against a facilitator in this thread. */
export async function judgeFacilitatorIn(
  sandbox: SandboxDescription,
  { setup }: Pick<FacilitatorSubject, "setup">,
  timeoutMs = 10_000,
  cases = facilitatorCases,
): Promise<Judgement> {
  const context = await openFacilitatorContext({
    role: "facilitator",
    adminUrl: sandbox.adminUrl,
    subject: setup,
    seed: setup.name,
    timeoutMs,
    replay: "npm run zoo",
  });
  const results = await runCases(cases, facilitatorBench(context));
  return { results, sold: (await context.honestSettlement("x402@2")).kind === "holds" };
}
