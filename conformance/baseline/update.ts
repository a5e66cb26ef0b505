import type { RunReport } from "../report/index.ts";
import type { Baseline, ExpectedFailure } from "./baseline.ts";

/** What an update did, by case. */
export interface BaselineUpdate {
  readonly baseline: Baseline;
  readonly added: readonly string[];
  readonly kept: readonly string[];
  readonly removed: readonly string[];
}

/** What new entries say. */
export interface NewEntries {
  /** Why they are accepted; the finding itself without it. */
  readonly reason?: string | undefined;
  readonly expires?: string | undefined;
}

/**
 * Brings a baseline up to what runs found: what fails is in it, what does not fail any more is not. Entries that stay
 * keep their reason and their expiry; cases that did not run, or to which nothing applied, keep their entries.
 */
export function updatedBaseline(
  { expectedFailures }: Baseline,
  reports: readonly RunReport[],
  { reason, expires }: NewEntries,
): BaselineUpdate {
  const verdicts = reports.flatMap(({ cases }) => cases);
  const before = new Map(expectedFailures.map((entry) => [entry.case, entry]));
  const failing = verdicts.flatMap(({ id, status, message }): ExpectedFailure[] => {
    if (status !== "fail" && status !== "inconclusive") return [];
    const entry = before.get(id);
    const fresh = { reason: reason ?? message ?? "known", ...(expires === undefined ? {} : { expires }) };
    return [{ ...fresh, ...entry, case: id, status }];
  });
  const judged = new Set(verdicts.filter(({ status }) => status !== "not-applicable").map(({ id }) => id));
  const unjudged = expectedFailures.filter((entry) => !judged.has(entry.case));
  const now = new Set(failing.map((entry) => entry.case));
  return {
    baseline: { schemaVersion: 1, expectedFailures: [...failing, ...unjudged] },
    added: [...now].filter((id) => !before.has(id)),
    kept: [...now].filter((id) => before.has(id)),
    removed: [...before.keys()].filter((id) => judged.has(id) && !now.has(id)),
  };
}
