import type { CaseResult, RunSetup } from "../engine/index.ts";

/** What the main thread hands to the worker that runs the cases. */
export interface ProvidedRun {
  readonly setup: RunSetup;
  /** Ids of the cases to run, in order. */
  readonly plan: readonly string[];
}

declare module "vitest" {
  interface ProvidedContext {
    readonly run: ProvidedRun;
  }
  interface TaskMeta {
    /** The verdict of a case, for the reporter in the main thread. */
    verdict?: CaseResult;
  }
}
