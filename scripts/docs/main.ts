/*
 * `npm run docs`: writes docs/coverage.md and docs/zoo.md from the register, the cases and the mutants, docs/faults.md
 * from the catalogue of faults, docs/report.schema.json from the schema of the JSON report, and adds new ids to the list of those that must never disappear. With `--check` it
 * writes nothing and fails when one is stale.
 */
import { writeFileSync } from "node:fs";
import { docsOf, staleDocs } from "./docs.ts";

const stale = staleDocs(docsOf());
if (stale.length === 0) {
  console.log("The generated pages are up to date.");
} else if (process.argv.includes("--check")) {
  const paths = stale.map(({ path }) => `  ${path}`).join("\n");
  console.error(`Register, cases or mutants have changed, and these have not:\n${paths}\nRun: npm run docs`);
  process.exitCode = 1;
} else {
  for (const { path, file, text } of stale) {
    writeFileSync(file, text);
    console.log(`wrote ${path}`);
  }
}
