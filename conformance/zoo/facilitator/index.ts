/** The door of the facilitators that are wrong in exactly one way. */
export type { FacilitatorMutant } from "./mutant.ts";
export { facilitatorMutants } from "./mutants/index.ts";
export { type NullFacilitator, nullFacilitators } from "./null-facilitators.ts";
export { judgeFacilitatorIn, tryFacilitatorMutant } from "./run.ts";
