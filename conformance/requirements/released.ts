import ids from "./ids.json" with { type: "json" };

/**
 * Every id of a rule or a case that was ever used, so that none disappears: baselines, reports and other people's
 * configuration name them. `npm run docs` adds new ids to ids.json; nothing takes one away.
 */
export interface ReleasedIds {
  readonly rules: readonly string[];
  readonly cases: readonly string[];
}

export const releasedIds: ReleasedIds = ids;

/** The released ids and those that exist now, the new ones at the end. */
export function withNewIds(released: readonly string[], existing: Iterable<string>): string[] {
  return [...new Set([...released, ...existing])];
}
