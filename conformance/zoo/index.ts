/** The door of the zoo: subjects that are wrong in exactly one way, and what must catch each. */
export { verdicts } from "../suites.ts";
export { type NullClient, nullClients } from "./client/index.ts";
export { type NullFacilitator, nullFacilitators } from "./facilitator/index.ts";
export { tryInLanes } from "./lanes.ts";
export { judge, type Mutant, type NullSeller, nullSellers, sellerMutants } from "./seller/index.ts";
export type { MutantFacts, Trial } from "./trial.ts";
export { type Zoo, zoos } from "./zoos.ts";
