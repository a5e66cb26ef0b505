import type { Status } from "../engine/index.ts";
import type { RunReport } from "./run-report.ts";

/** A case whose verdict is not what it was; `absent` where a run did not have it. */
export interface Change {
  readonly id: string;
  readonly title: string;
  readonly before: Status | "absent";
  readonly after: Status | "absent";
}

/** What is different in the second of two runs. */
export interface ReportDiff {
  /** Cases that fail now and did not before, new ones included. */
  readonly broken: readonly Change[];
  /** Cases that failed before, and do not now. */
  readonly mended: readonly Change[];
  readonly others: readonly Change[];
}

const bad: ReadonlySet<Change["after"]> = new Set<Change["after"]>(["fail", "error"]);

/** Compares two runs case by case. */
export function diffOf(before: RunReport, after: RunReport): ReportDiff {
  const earlier = new Map(before.cases.map((verdict) => [verdict.id, verdict]));
  const later = new Map(after.cases.map((verdict) => [verdict.id, verdict]));
  const changes = [...new Set([...later.keys(), ...earlier.keys()])]
    .map((id): Change => {
      const [was, is] = [earlier.get(id), later.get(id)];
      const title = is?.title ?? was?.title ?? "";
      return { id, title, before: was?.status ?? "absent", after: is?.status ?? "absent" };
    })
    .filter((change) => change.before !== change.after);
  const broken = changes.filter((change) => bad.has(change.after) && !bad.has(change.before));
  const mended = changes.filter((change) => bad.has(change.before) && !bad.has(change.after));
  return {
    broken,
    mended,
    others: changes.filter((change) => !broken.includes(change) && !mended.includes(change)),
  };
}
