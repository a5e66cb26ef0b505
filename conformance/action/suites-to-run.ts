import { planRun } from "../engine/index.ts";
import type { Role } from "../requirements/index.ts";
import { suites as allSuites } from "../suites.ts";
import { listOf } from "./flags.ts";
import type { Inputs } from "./inputs.ts";

/** Which suites the step runs, and which it leaves out since `only` names none of their cases. */
export interface ChosenSuites {
  readonly run: readonly Role[];
  readonly leftOut: readonly Role[];
}

/**
 * Of several suites, those of which `only` names a case: one list serves them all. What a suite alone makes of it, the
 * command line says.
 *
 * @throws Error when no suite is left
 */
export function suitesToRun({ suites, flag }: Pick<Inputs, "suites" | "flag">): ChosenSuites {
  const only = listOf(flag("only"));
  if (suites.length === 1 || only.length === 0) return { run: suites, leftOut: [] };
  const isNamed = (suite: Role) =>
    allSuites.some(({ role, cases }) => role === suite && planRun(cases, { only }).length > 0);
  const run = suites.filter(isNamed);
  if (run.length > 0) return { run, leftOut: suites.filter((suite) => !isNamed(suite)) };
  throw new Error(
    `only names no case of the suites ${suites.join(", ")}: ${only.join(", ")}. \`npx x402-assay conformance list\` shows all cases.`,
  );
}
