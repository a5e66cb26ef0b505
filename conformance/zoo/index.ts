/** The door of the zoo: subjects that are wrong in exactly one way, and what must catch each. */
export { tryInLanes } from "./lanes.ts";
export type { Mutant } from "./mutant.ts";
export { sellerMutants } from "./mutants/index.ts";
export { type NullSeller, nullSellers } from "./null-sellers.ts";
export { judge, type Trial } from "./run-zoo.ts";
