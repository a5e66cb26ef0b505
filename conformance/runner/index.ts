/** The door of the adapter to Vitest. */
export { runWithVitest, type VitestRunOptions } from "./run-with-vitest.ts";
