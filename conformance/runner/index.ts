/** The door of the adapter to Vitest. */
export { type Runner, type RunnerOptions, startRunner } from "./run-with-vitest.ts";
