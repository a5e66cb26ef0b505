import { Problem } from "#sandbox";
import { planRun, type Selection } from "./engine/index.ts";
import { suites, verdicts } from "./suites.ts";

/**
 * Makes sure that whatever a selection names is there: a misspelled name must not make a run smaller than was meant, or
 * larger. Cases of another suite are.
 *
 * @throws Problem `nothing-to-run`
 */
export function requireKnownCases({ only = [], skip = [] }: Selection): void {
  const cases = suites.flatMap((suite) => suite.cases.map(({ id, requirement }) => ({ id, requirement })));
  const unknown = [...only, ...skip].filter((glob) => planRun(cases, { only: [glob] }).length === 0);
  const [first] = unknown;
  if (first === undefined) return;
  const [audit] = planRun(verdicts, { only: [first] });
  if (audit !== undefined) {
    throw new Problem(
      "nothing-to-run",
      `${audit.id} is the audit of a whole run, and no case.`,
      "Leave it out: each run ends with its audit, whatever only and skip say.",
    );
  }
  throw new Problem(
    "nothing-to-run",
    `No case is called ${unknown.join(" or ")}.`,
    "Check only and skip; `x402-assay conformance list` shows all cases.",
  );
}
