import type { Requirement } from "./requirement.ts";
import { uncoveredGroups } from "./uncovered.ts";

/** What cites a rule: a case, or the audit of the whole run. */
export interface Citing {
  readonly id: string;
  readonly requirement: string;
}

/** A rule with the ids of the cases that try it, or why none does. */
export interface RuleCoverage {
  readonly rule: Requirement;
  readonly cases: readonly string[];
  readonly reason?: string;
}

/** What is known about the coverage of each rule, in the order of the rules. */
export function coverageOf(rules: Iterable<Requirement>, cases: readonly Citing[]): RuleCoverage[] {
  const reasons = new Map(reasonEntries());
  return Array.from(rules, (rule) => {
    const reason = reasons.get(rule.id);
    const citing = cases.filter(({ requirement }) => requirement === rule.id).map(({ id }) => id);
    return { rule, cases: citing, ...(reason === undefined ? {} : { reason }) };
  });
}

/**
 * Where the register, the cases and the reasons for uncovered rules do not fit together, each with what to do; none
 * when every rule has either cases or one reason, and every case cites a rule.
 *
 * @param reasons rule id and reason; those in uncovered.ts when left out
 */
export function contradictions(
  rules: readonly Requirement[],
  cases: readonly Citing[],
  reasons: readonly (readonly [id: string, reason: string])[] = reasonEntries(),
): string[] {
  const known = new Set(rules.map(({ id }) => id));
  const covered = new Set(cases.map(({ requirement }) => requirement));
  const excused = reasons.map(([id]) => id);
  return [
    ...cases
      .filter(({ requirement }) => !known.has(requirement))
      .map(({ id, requirement }) => `${id} cites ${requirement}, which is no rule: register it.`),
    ...rules
      .filter(({ id }) => !covered.has(id) && !excused.includes(id))
      .map(({ id }) => `${id} has neither a case nor a reason: add either, the reason to uncovered.ts.`),
    ...excused
      .filter((id) => covered.has(id))
      .map((id) => `${id} has cases now: remove its reason from uncovered.ts.`),
    ...excused
      .filter((id) => !known.has(id))
      .map((id) => `uncovered.ts gives a reason for ${id}, which is no rule: remove it.`),
    ...excused
      .filter((id, position) => excused.indexOf(id) !== position)
      .map((id) => `uncovered.ts gives two reasons for ${id}: keep one.`),
  ];
}

/** Ids that were released once and do not exist any more. They may be added to, never taken away or renamed. */
export function lostIds(released: readonly string[], existing: Iterable<string>): string[] {
  const present = new Set(existing);
  return released.filter((id) => !present.has(id));
}

function reasonEntries(): [id: string, reason: string][] {
  return uncoveredGroups.flatMap(({ rules }) => Object.entries(rules));
}
