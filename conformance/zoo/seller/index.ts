/** The door of the sellers that are wrong in exactly one way. */
export type { Mutant } from "./mutant.ts";
export { sellerMutants } from "./mutants/index.ts";
export { type NullSeller, nullSellers } from "./null-sellers.ts";
export { judge, trySellerMutant } from "./run.ts";
