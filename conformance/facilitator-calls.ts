import type { JournalEntry } from "#sandbox";
import type { CaseResult, FacilitatorCallRecord } from "./engine/index.ts";
import type { Redact } from "./report/index.ts";

/** Most calls that are kept of a case. */
const callsKept = 40;

/** Gives each verdict what the subject asked the sandbox's facilitator about the payer of its case, redacted. */
export function withFacilitatorCalls(
  verdicts: readonly CaseResult[],
  journal: readonly JournalEntry[],
  redact: Redact,
): CaseResult[] {
  const byPayer = Map.groupBy(journal, ({ payer }) => payer?.toLowerCase());
  return verdicts.map((verdict) => {
    const calls = byPayer.get(verdict.account?.address.toLowerCase());
    if (calls === undefined) return verdict;
    const withRequests = verdict.status !== "pass";
    const records = calls.slice(0, callsKept).map((call) => recordOf(call, withRequests, redact));
    return { ...verdict, facilitatorCalls: records };
  });
}

function recordOf(
  { endpoint, startedAt, durationMs, request, response, fault }: JournalEntry,
  withRequest: boolean,
  redact: Redact,
): FacilitatorCallRecord {
  return {
    endpoint,
    startedAt,
    durationMs,
    ...(withRequest ? { request: redact(JSON.stringify(request) ?? "") } : {}),
    answer: redact(JSON.stringify(response) ?? ""),
    ...(fault === undefined ? {} : { fault }),
  };
}
