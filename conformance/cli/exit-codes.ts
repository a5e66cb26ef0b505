import type { ProblemCode } from "#sandbox";

/** 2 wrong usage or configuration · 3 could not be reached, nothing ran · 4 a fault of ours. */
export const exitCodes: Readonly<Record<ProblemCode, 2 | 3 | 4>> = {
  usage: 2,
  config: 2,
  "port-in-use": 2,
  "not-a-development-chain": 2,
  "fork-unreachable": 3,
  "sandbox-unreachable": 3,
  "subject-unreachable": 3,
  "subject-not-ready": 3,
  "nothing-to-run": 3,
  "chain-start-failed": 4,
  "chain-died": 4,
};
