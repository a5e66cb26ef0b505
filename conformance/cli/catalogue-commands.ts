import { Command } from "commander";
import { Problem } from "#sandbox";
import { didYouMean } from "../did-you-mean.ts";
import type { Role } from "../requirements/index.ts";

const auditTitle = "The audit that ends every run: no case, so that --only, --skip and replay do not take it";

/** `conformance list`: every case with its rule, and the audits. */
export function listCommand(): Command {
  return new Command("list")
    .description("list all cases, and the audits that end every run")
    .option("--json", "print JSON")
    .action(async ({ json }: { json?: true }) => {
      const entries = [...(await catalogue()), ...(await audits())].map(
        ({ needs = [], id, title, rule }) => ({
          id,
          requirement: rule.id,
          level: rule.level,
          title,
          needs,
        }),
      );
      if (json) console.log(JSON.stringify(entries, null, 2));
      else
        for (const { id, title, requirement, level } of entries)
          console.log(`${id.padEnd(58)} ${requirement.padEnd(9)} ${level.padEnd(8)} ${title}`);
    });
}

/** `conformance explain CASE`: why a case is a rule and what it needs. */
export function explainCommand(): Command {
  return new Command("explain")
    .description("explain one case: its rule, where the rule comes from, what it needs, what it has caught")
    .argument("<case>", "id of the case")
    .action(async (id: string) => {
      const audit = await auditById(id);
      if (audit !== undefined) return console.log(audit);
      const found = await caseById(id);
      const { remediesOf } = await import("../suites.ts");
      const { zoos } = await import("../zoo/index.ts");
      const { title, rule, needs = [] } = found;
      console.log(
        [
          found.id,
          `  ${title}.`,
          "",
          `rule      ${rule.id} (${rule.level}): ${rule.statement}`,
          `source    ${rule.citation || "no text of its own"}`,
          `control   ${controlOf(found)}`,
          ...needs.map((need) => `needs     ${remediesOf(rule.role)[need] ?? need}`),
          ...zoos
            .flatMap(({ mutants }) => mutants)
            .filter(({ caughtBy }) => caughtBy.includes(found.id))
            .map((mutant) => `catches   ${mutant.id}: ${mutant.breaks}`),
        ].join("\n"),
      );
    });
}

function controlOf({ hasControl, rule }: { hasControl: boolean; rule: { role: Role } }): string {
  if (!hasControl) return "the run's first sale must succeed";
  return rule.role === "client"
    ? "the client must pay an honest shop first, or the verdict is inconclusive; one such sale per run speaks for all cases"
    : "the same exchange without the fault must succeed first, or the verdict is inconclusive";
}

/**
 * The case of an id that a user gave.
 *
 * @throws Problem `usage`
 */
export async function caseById(id: string) {
  const known = await catalogue();
  const found = known.find((candidate) => candidate.id === id);
  if (found !== undefined) return found;
  if ((await auditById(id)) !== undefined) {
    throw new Problem(
      "usage",
      `${id} is the audit of a whole run, and no case.`,
      "Repeat the run with its --seed and the flags that it had; each run ends with its audit.",
    );
  }
  const meant = didYouMean(
    id,
    known.map((each) => each.id),
  );
  throw new Problem(
    "usage",
    `There is no case ${id}.${meant}`,
    "`x402-assay conformance list` shows all cases.",
  );
}

/** What an audit is, of the id under which runs tell its verdict; `undefined` for any other id. */
async function auditById(id: string): Promise<string | undefined> {
  const [{ suites, verdicts }, { requirement }] = await Promise.all([
    import("../suites.ts"),
    import("../requirements/index.ts"),
  ]);
  const suite = suites.find(({ auditId }) => auditId === id);
  const verdict = verdicts.find((each) => each.id === id);
  if (suite === undefined || verdict === undefined) return undefined;
  const rule = requirement(verdict.requirement);
  return [
    id,
    `  The audit of a ${suite.role}: the last verdict of every run.`,
    "",
    `rule      ${rule.id} (${rule.level}): ${rule.statement}`,
    `source    ${rule.citation || "no text of its own"}`,
    `control   ${controlOf({ hasControl: false, rule })}`,
    "tries     all accounts of the run, held against the chain once more when its cases are over",
    "repeat    by the whole run, with its --seed; it is no case, so that --only, --skip and replay do not know it",
  ].join("\n");
}

/** As {@link catalogue} has the cases. */
async function audits() {
  const [{ suites, verdicts }, { requirement }] = await Promise.all([
    import("../suites.ts"),
    import("../requirements/index.ts"),
  ]);
  const ids = new Set(suites.map(({ auditId }) => auditId));
  return verdicts
    .filter(({ id }) => ids.has(id))
    .map((audit) => ({ id: audit.id, title: auditTitle, needs: [], rule: requirement(audit.requirement) }));
}

async function catalogue() {
  const [{ suites }, { requirement }] = await Promise.all([
    import("../suites.ts"),
    import("../requirements/index.ts"),
  ]);
  return suites
    .flatMap(({ cases }) => cases)
    .map((subjectCase) => ({ ...subjectCase, rule: requirement(subjectCase.requirement) }));
}
