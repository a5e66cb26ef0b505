/** The door of the register: every rule with its level and citation, what covers it, and which rules a run counts. */
export { contradictions, coverageOf, lostIds, type RuleCoverage } from "./coverage.ts";
export { register, requirement, topics } from "./register.ts";
export { type ReleasedIds, releasedIds, withNewIds } from "./released.ts";
export type { Level, ProtocolId, Requirement, Role, Topic } from "./requirement.ts";
export { severityOf } from "./requirement.ts";
export { type RuleSet, ruleSets, rulesOf } from "./sets.ts";
export { type Source, sources } from "./sources.ts";
export { type UncoveredGroup, uncoveredGroups } from "./uncovered.ts";
