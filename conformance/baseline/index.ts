/** The door of the baseline: failures that are known, and accepted for now. */
export { type Baseline, emptyBaseline, loadBaseline, saveBaseline } from "./baseline.ts";
export { heldAgainst, today, withKnown } from "./hold.ts";
export { updatedBaseline } from "./update.ts";
