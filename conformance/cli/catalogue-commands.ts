import { Command } from "commander";
import { Problem } from "#sandbox";

/** `conformance list`: every case with its rule. */
export function listCommand(): Command {
  return new Command("list")
    .description("list all cases")
    .option("--json", "print JSON")
    .action(async ({ json }: { json?: true }) => {
      const cases = await catalogue();
      if (json)
        console.log(
          JSON.stringify(
            cases.map(({ needs = [], id, title, rule }) => ({
              id,
              requirement: rule.id,
              level: rule.level,
              title,
              needs,
            })),
            null,
            2,
          ),
        );
      else
        for (const { id, title, rule } of cases)
          console.log(`${id.padEnd(58)} ${rule.id.padEnd(9)} ${rule.level.padEnd(8)} ${title}`);
    });
}

/** `conformance explain CASE`: why a case is a rule and what it needs. */
export function explainCommand(): Command {
  return new Command("explain")
    .description("explain one case: its rule, where the rule comes from, what it needs, what it has caught")
    .argument("<case>", "id of the case")
    .action(async (id: string) => {
      const found = await caseById(id);
      const { remedies } = await import("../engine/index.ts");
      const { sellerMutants } = await import("../zoo/index.ts");
      const { title, rule, needs = [], control } = found;
      console.log(
        [
          found.id,
          `  ${title}.`,
          "",
          `rule      ${rule.id} (${rule.level}): ${rule.statement}`,
          `source    ${rule.citation || "no text of its own"}`,
          `control   ${control === undefined ? "the run's first sale must succeed" : "the same exchange without the fault must succeed first, or the verdict is inconclusive"}`,
          ...needs.map((need) => `needs     ${remedies[need]}`),
          ...sellerMutants
            .filter(({ caughtBy }) => caughtBy.includes(found.id))
            .map((mutant) => `catches   ${mutant.id}: ${mutant.breaks}`),
        ].join("\n"),
      );
    });
}

/**
 * The case of an id that a user gave.
 *
 * @throws Problem `usage`
 */
export async function caseById(id: string) {
  const found = (await catalogue()).find((candidate) => candidate.id === id);
  if (found !== undefined) return found;
  throw new Problem("usage", `There is no case ${id}.`, "`x402-assay conformance list` shows all cases.");
}

async function catalogue() {
  const [{ sellerCases }, { requirement }] = await Promise.all([
    import("../cases/seller/index.ts"),
    import("../requirements/index.ts"),
  ]);
  return sellerCases.map((subjectCase) => ({ ...subjectCase, rule: requirement(subjectCase.requirement) }));
}
