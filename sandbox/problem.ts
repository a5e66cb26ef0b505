/**
 * What can go wrong while a sandbox or a run is set up, by code. The command line maps each to its exit code.
 */
export type ProblemCode =
  | "usage"
  | "config"
  | "port-in-use"
  | "chain-start-failed"
  | "chain-died"
  | "fork-unreachable"
  | "not-a-development-chain"
  | "sandbox-unreachable"
  | "subject-unreachable"
  | "subject-not-ready"
  | "nothing-to-run";

/** An error a person can act on: a code, one clear sentence, and what to do next. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  /** What to do about it, one sentence; `""` when the message says it all. */
  readonly next: string;

  constructor(code: ProblemCode, message: string, next = "", options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.next = next;
  }
}
