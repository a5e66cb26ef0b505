import type { CaseResult } from "../engine/index.ts";

/** One case of the plan. */
export interface PlannedCase {
  readonly id: string;
  readonly alone?: boolean;
  /** For people who read the list of tests. */
  readonly title?: string;
}

/** What is to be judged. */
export interface PlannedRun {
  /** The cases to run, in order. */
  readonly plan: readonly PlannedCase[];
  /** Id of the verdict on the run as a whole. */
  readonly auditId: string;
}

/** What the main thread hands to the worker when it starts it. */
export interface ProvidedRun extends PlannedRun {
  /** Name of the handover that will bring the assignment. */
  readonly handover: string;
  /** Cases in flight at once. */
  readonly lanes: number;
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
