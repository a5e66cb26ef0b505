import type { FacilitatorMutant } from "../mutant.ts";
import { answerMutants } from "./answers.ts";
import { checkMutants } from "./checks.ts";
import { reasonMutants } from "./reasons.ts";
import { settlementMutants } from "./settlement.ts";

/** Every facilitator that is wrong in exactly one way. */
export const facilitatorMutants: readonly FacilitatorMutant[] = [
  ...checkMutants,
  ...answerMutants,
  ...reasonMutants,
  ...settlementMutants,
];
