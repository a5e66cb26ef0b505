import type { CaseResult } from "../engine/index.ts";
import type { AnySetup } from "../suites.ts";

/** One case of the plan. */
export interface PlannedCase {
  readonly id: string;
  readonly alone?: boolean;
  /** For people who read the list of tests. */
  readonly title?: string;
}

/** What the main thread hands to the worker that runs the cases. */
export interface ProvidedRun {
  readonly setup: AnySetup;
  /** The cases to run, in order. */
  readonly plan: readonly PlannedCase[];
  /** Id of the verdict on the run as a whole. */
  readonly auditId: string;
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
