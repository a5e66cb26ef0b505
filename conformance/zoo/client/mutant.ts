import { type ClientSteps, clientSteps } from "#sandbox";
import { type PayingFetchMaker, referenceClient } from "../../subjects/client/index.ts";
import type { MutantFacts } from "../trial.ts";

/** A client that is wrong in exactly one way. */
export interface ClientMutant extends MutantFacts {
  /** Builds it; `reached` is called each time the fault shows. */
  readonly build: (reached: () => void) => PayingFetchMaker;
}

/** Steps of a client in place of the reference's; made anew for every errand, so that they may remember. */
type Replacement = (reached: () => void) => Partial<ClientSteps>;

/** The reference with some steps replaced. */
export function withSteps(replacement: Replacement): ClientMutant["build"] {
  return (reached) => (context) => referenceClient({ ...clientSteps, ...replacement(reached) })(context);
}

/**
 * The reference with one step replaced.
 *
 * @example
 * build: replacing("authorize", (original, reached) => (choice, payer, now) => {
 *   reached();
 *   return { ...original(choice, payer, now), to: payer };
 * })
 */
export function replacing<Step extends keyof ClientSteps>(
  step: Step,
  replacement: (original: ClientSteps[Step], reached: () => void) => ClientSteps[Step],
): ClientMutant["build"] {
  return withSteps((reached) => ({ [step]: replacement(clientSteps[step], reached) }));
}
