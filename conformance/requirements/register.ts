import { clientTopics } from "./client/index.ts";
import { facilitatorTopics } from "./facilitator/index.ts";
import type { Requirement, Topic } from "./requirement.ts";
import { sellerTopics } from "./seller/index.ts";

/** Every rule by topic, role by role. Ids are append-only and never renamed. */
export const topics: readonly Topic[] = [...sellerTopics, ...clientTopics, ...facilitatorTopics];

/** Every rule that a case may cite, by id. */
export const register: ReadonlyMap<string, Requirement> = new Map(
  topics.flatMap(({ rules }) => rules).map((rule) => [rule.id, rule]),
);

/**
 * The rule with this id.
 *
 * @throws RangeError when no such rule is registered: a case cites a rule that does not exist.
 */
export function requirement(id: string): Requirement {
  const rule = register.get(id);
  if (rule === undefined) throw new RangeError(`No requirement ${id} in conformance/requirements.`);
  return rule;
}
