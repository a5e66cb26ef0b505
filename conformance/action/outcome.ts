import type { Inputs } from "./inputs.ts";

/** What the suites came to, together. */
export type Outcome = "conformant" | "not-conformant" | "incomplete" | "error";

/** Exit codes of the command line, the worst first; any other is an accident. */
const severity = [2, 4, 1, 3, 0];

/** The exit code that stands for all: that of the worst run. */
export function worstOf(exitCodes: readonly number[]): number {
  return severity.find((code) => exitCodes.includes(code)) ?? 4;
}

/** In a word what an exit code of the command line says. */
export function outcomeOf(exitCode: number): Outcome {
  switch (exitCode) {
    case 0:
      return "conformant";
    case 1:
      return "not-conformant";
    case 3:
      return "incomplete";
    default:
      return "error";
  }
}

/** Whether the step fails. A mistake in the workflow fails it always: nothing was judged. */
export function isFailure(exitCode: number, failOn: Inputs["failOn"]): boolean {
  if (exitCode === 2) return true;
  if (failOn === "never") return false;
  return failOn === "any" ? exitCode !== 0 : exitCode === 1 || exitCode === 4;
}
