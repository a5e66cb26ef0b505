import { existsSync, readFileSync } from "node:fs";
import { reportJsonSchema } from "../../conformance/report/index.ts";
import { register, releasedIds, withNewIds } from "../../conformance/requirements/index.ts";
import { verdicts, zoos } from "../../conformance/zoo/index.ts";
import { coveragePage } from "./coverage-page.ts";
import { faultsPage } from "./faults-page.ts";
import { zooPage } from "./zoo-page.ts";

/** A file that is made from the sources. */
export interface GeneratedFile {
  /** Seen from the repository, for messages. */
  readonly path: string;
  readonly file: URL;
  readonly text: string;
}

/** Every generated file as it has to be. */
export function docsOf(): readonly GeneratedFile[] {
  const mutants = zoos.flatMap((zoo) => zoo.mutants);
  const ids = {
    rules: withNewIds(releasedIds.rules, register.keys()),
    cases: withNewIds(
      releasedIds.cases,
      verdicts.map(({ id }) => id),
    ),
  };
  return [
    generated("docs/coverage.md", coveragePage(verdicts, mutants)),
    generated("docs/zoo.md", zooPage(verdicts, zoos)),
    generated("docs/faults.md", faultsPage()),
    generated("docs/report.schema.json", `${JSON.stringify(reportJsonSchema(), null, 2)}\n`),
    generated("conformance/requirements/ids.json", `${JSON.stringify(ids, null, 2)}\n`),
  ];
}

/** Those that are missing or say something else on disk. */
export function staleDocs(files: readonly GeneratedFile[]): readonly GeneratedFile[] {
  return files.filter(({ file, text }) => !existsSync(file) || readFileSync(file, "utf8") !== text);
}

function generated(path: string, text: string): GeneratedFile {
  return { path, file: new URL(`../../${path}`, import.meta.url), text };
}
