import type { RunSetup } from "../run-setup.ts";
import type { CaseResult } from "../verdict.ts";

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
