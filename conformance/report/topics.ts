import type { CaseResult } from "../engine/index.ts";
import { topics } from "../requirements/index.ts";
import type { RunReport } from "./run-report.ts";

/** The cases about one subject. */
export interface TopicCases {
  readonly title: string;
  readonly cases: readonly CaseResult[];
}

const topicOf: ReadonlyMap<string, string> = new Map(
  topics.flatMap(({ title, rules }) => rules.map(({ id }) => [id, title.replace(/^Clients: /, "")])),
);

/** The cases of a run by the topic of the rule that they try, in the order of the register. */
export function byTopic({ cases }: Pick<RunReport, "cases">): readonly TopicCases[] {
  const groups = Map.groupBy(cases, ({ requirement }) => topicOf.get(requirement) ?? "Other rules");
  const order = [...new Set(topicOf.values()), "Other rules"];
  return order.flatMap((title) => {
    const group = groups.get(title);
    return group === undefined ? [] : [{ title, cases: group }];
  });
}
