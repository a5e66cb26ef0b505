import type { Level, Role } from "../requirements/index.ts";
import type { Evidence } from "./evidence.ts";

/**
 * What a case found.
 *
 * - `pass`: the rule holds, and the control shows that the subject works.
 * - `fail`: the rule is broken.
 * - `warn`: a SHOULD is not followed, or a difference from the reference implementation.
 * - `inconclusive`: nothing is proven, because the control failed or something the case builds on is missing.
 * - `not-applicable`: the case needs something that was not given; `message` says what.
 * - `error`: a fault of the suite itself.
 */
export type Status = "pass" | "fail" | "warn" | "inconclusive" | "not-applicable" | "error";

/** The result of one case, as it stands in every report. */
export interface CaseResult extends Evidence {
  readonly id: string;
  readonly role: Role;
  readonly requirement: string;
  readonly level: Level;
  readonly status: Status;
  readonly title: string;
  readonly durationMs: number;
  /** What is wrong or missing; of a case that passes, what the subject decided where the rule leaves it open. */
  readonly message?: string;
  readonly expected?: string;
  readonly actual?: string;
  /** Why the baseline accepts this verdict for now, and until when. */
  readonly known?: { readonly reason: string; readonly expires?: string };
  /**
   * Of a verdict that cases beside it may be the cause of: tried again alone, it went `otherwise`, as `message` says, and
   * this is the verdict of the run alone; or it was `left-out`, as too many were tried again.
   */
  readonly triedAlone?: "otherwise" | "left-out";
  /**
   * The subject ended by itself while the case ran: `alone`, so that nothing else has ended it; or `beside-others`, and
   * this is the verdict of the case when it was tried again.
   */
  readonly subjectEnded?: "alone" | "beside-others";
  /** The command that repeats the case. */
  readonly replay?: string;
}
