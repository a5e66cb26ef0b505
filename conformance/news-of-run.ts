import type { JournalEntry } from "#sandbox";
import { type CaseResult, newsOfSecondAttempts } from "./engine/index.ts";
import { newsOfOutages } from "./outages.ts";
import type { Role } from "./requirements/index.ts";
import { newsOfSellingTwice } from "./sold-twice.ts";

/**
 * What the user should know when all cases are judged, beside the verdicts, in sentences.
 *
 * @param journal what a seller asked the sandbox's facilitator, and was answered
 */
export function newsOfRun(
  role: Role,
  verdicts: readonly CaseResult[],
  journal: readonly JournalEntry[],
): readonly string[] {
  return [
    ...newsOfSecondAttempts(role, verdicts),
    ...(role === "seller" ? newsOfOutages(verdicts) : []),
    ...newsOfSellingTwice(verdicts, journal),
  ];
}
