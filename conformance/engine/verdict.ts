import type { Address } from "viem";
import type { Level, Role } from "../requirements/index.ts";

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
export interface CaseResult {
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
  /** The command that repeats the case. */
  readonly replay?: string;
  /** The exchanges of the case, oldest first, redacted. */
  readonly exchanges?: readonly ExchangeRecord[];
  readonly account?: PayerAccount;
}

/** One request and its answer, cut to what a reader needs. */
export interface ExchangeRecord {
  readonly label: string;
  readonly request: string;
  readonly answer: string;
}

/** What the payer of a case did and received; the audit holds it against the chain. */
export interface PayerAccount {
  readonly address: Address;
  /** Block after which the case began, decimal. */
  readonly since: string;
  /** Answers that delivered paid content. */
  readonly delivered: number;
  /** Transfers that need no delivery: the case itself spent on chain, or made the facilitator misbehave. */
  readonly excused: number;
  /** Transfers seen on chain when the case ended. */
  readonly settled: number;
}
