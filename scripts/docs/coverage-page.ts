import {
  coverageOf,
  type Level,
  type Requirement,
  type RuleCoverage,
  register,
  ruleSets,
  rulesOf,
  sources,
  type Topic,
  topics,
  uncoveredGroups,
} from "../../conformance/requirements/index.ts";
import type { MutantFacts } from "../../conformance/zoo/index.ts";
import { count, link, table } from "./markdown.ts";

/** A case, or the audit of the whole run. */
interface Verdict {
  readonly id: string;
  readonly requirement: string;
}

const levels: readonly Level[] = ["MUST", "MUST*", "SEC", "SHOULD", "SHOULD*", "MAY", "REF"];

/** docs/coverage.md: every rule with the cases that try it and the mutants that these catch, or why there are none. */
export function coveragePage(verdicts: readonly Verdict[], mutants: readonly MutantFacts[]): string {
  const coverage = coverageOf(register.values(), verdicts);
  return [
    "# Coverage",
    "Every rule, the cases that try it, and the wrong programs that each case catches. Written by `npm run docs` from `conformance/requirements`, `conformance/cases` and `conformance/zoo`; [zoo.md](zoo.md) has the same seen from the wrong programs.",
    `${count(coverage.length, "rule")}, ${coverage.filter(isCovered).length} of them covered; ${count(verdicts.length, "case")} (the audits of whole runs among them); ${count(mutants.length, "mutant")}.`,
    levelTable(coverage),
    "MUST, SHOULD and MAY are the specification's own words. A star marks what follows from its prose, tables or examples. SEC is a security property without text of its own. REF is what the reference implementation does: a difference is reported, never held against anybody.",
    "## Not covered",
    ...uncoveredGroups.map(({ title, because, rules }) =>
      [
        `### ${title}`,
        because,
        table(
          ["rule", "level", "why"],
          Object.entries(rules).map(([id, why]) => [link(id, id), register.get(id)?.level ?? "", why]),
        ),
      ].join("\n\n"),
    ),
    ...topics.map((topic) => topicSection(topic, coverage, mutants)),
    "## Frozen sets",
    "A set names the rules that a run counts. It does not change when a rule joins the register later.",
    table(
      ["set", "rules", "covered"],
      ruleSets.map((set) => [
        `\`${set}\``,
        String(rulesOf(set).length),
        String(coverage.filter((entry) => isCovered(entry) && rulesOf(set).includes(entry.rule)).length),
      ]),
    ),
    `In no set, because they stand in text that is not in a tagged revision: ${uncounted()
      .map(({ id }) => link(id, id))
      .join(", ")}.`,
    "## What the citations mean",
    "Paths are in `x402-foundation/x402`.",
    table(
      ["citation", "document", "revision"],
      sources.map(({ abbreviation, document, revision }) => [abbreviation, document, revision]),
    ),
  ]
    .join("\n\n")
    .concat("\n");
}

function levelTable(coverage: readonly RuleCoverage[]): string {
  return table(
    ["level", "rules", "covered", "not covered"],
    levels.map((level) => {
      const all = coverage.filter(({ rule }) => rule.level === level);
      const covered = all.filter(isCovered).length;
      return [level, all.length, covered, all.length - covered].map(String);
    }),
  );
}

function topicSection(
  topic: Topic,
  coverage: readonly RuleCoverage[],
  mutants: readonly MutantFacts[],
): string {
  const rules = coverage.filter(({ rule }) => topic.rules.includes(rule));
  return [`## ${topic.title}`, ...rules.map((entry) => ruleSection(entry, mutants))].join("\n\n");
}

function ruleSection({ rule, cases, reason }: RuleCoverage, mutants: readonly MutantFacts[]): string {
  const source = rule.citation === "" ? "" : ` *${rule.citation}*`;
  const lines = cases.map((id) => `- \`${id}\` catches ${caughtBy(id, mutants)}`);
  if (reason !== undefined) lines.push(`- Not covered. ${reason}`);
  return [
    `### ${rule.id}`,
    `${rule.level.replace("*", "\\*")}: ${rule.statement}${source}`,
    lines.join("\n"),
  ].join("\n\n");
}

function caughtBy(id: string, mutants: readonly MutantFacts[]): string {
  const caught = mutants.filter((mutant) => mutant.caughtBy.includes(id));
  if (caught.length === 0) return "no mutant yet";
  return caught.map((mutant) => link(mutant.id, mutant.id, "zoo.md")).join(", ");
}

function uncounted(): Requirement[] {
  const counted = new Set(ruleSets.flatMap(rulesOf));
  return [...register.values()].filter((rule) => !counted.has(rule));
}

function isCovered({ cases }: RuleCoverage): boolean {
  return cases.length > 0;
}
