import { existsSync, globSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { register } from "../../conformance/requirements/index.ts";
import { verdicts, zoos } from "../../conformance/zoo/index.ts";
import { docsOf, staleDocs } from "./docs.ts";
import { anchor, table } from "./markdown.ts";

const root = resolve(import.meta.dirname, "../..");
const mutants = zoos.flatMap((zoo) => zoo.mutants);

test("the pages name every rule, every case of every role and every mutant", () => {
  const [coverage = "", zoo = ""] = docsOf().map(({ text }) => text);
  for (const id of register.keys()) expect(coverage).toContain(`\n### ${id}\n`);
  for (const { id } of verdicts) expect(coverage).toContain(`\n- \`${id}\` catches `);
  for (const { id } of mutants) expect(zoo).toContain(`<a id="${anchor(id)}"></a>\`${id}\``);
});

test("every link between the pages leads somewhere", () => {
  const anchors = new Map(docsOf().map(({ path, text }) => [path, anchorsOf(text)]));
  const links = docsOf().flatMap(({ path, text }) =>
    [...text.matchAll(/\]\(([\w.]*)#([\w-]+)\)/g)].map(([, page = "", target = ""]) => ({
      page: page === "" ? path : `docs/${page}`,
      target,
    })),
  );
  expect(links.length).toBeGreaterThan(mutants.length);
  expect(links.filter(({ page, target }) => !anchors.get(page)?.has(target))).toEqual([]);
});

test("every link of a page to a file leads to one", async () => {
  const pages = [
    "README.md",
    "CONTRIBUTING.md",
    ...globSync("{docs,examples,conformance,sandbox}/**/*.md", { cwd: root }),
  ];
  const links = await Promise.all(
    pages.map(async (page) =>
      [...(await readFile(join(root, page), "utf8")).matchAll(/\]\(([^)#\s]+)/g)]
        .map(([, target = ""]) => target)
        .filter((target) => !target.includes(":"))
        .map((target) => ({ page, target })),
    ),
  );
  expect(links.flat().length).toBeGreaterThan(50);
  expect(links.flat().filter(({ page, target }) => !existsSync(join(root, dirname(page), target)))).toEqual(
    [],
  );
});

test("a file that is missing or says something else is stale", async () => {
  const folder = await mkdtemp(join(tmpdir(), "docs-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const generated = (name: string) => ({
    path: name,
    file: pathToFileURL(join(folder, name)),
    text: "new\n",
  });
  await writeFile(join(folder, "same.md"), "new\n");
  await writeFile(join(folder, "old.md"), "old\n");
  const stale = staleDocs([generated("same.md"), generated("old.md"), generated("missing.md")]);
  expect(stale.map(({ path }) => path)).toEqual(["old.md", "missing.md"]);
});

test("a cell may hold a bar", () => {
  expect(table(["a"], [["b|c"]])).toBe("| a |\n| --- |\n| b\\|c |");
});

function anchorsOf(text: string): Set<string> {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchor(heading));
  const named = [...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = ""]) => id);
  return new Set([...headings, ...named]);
}
