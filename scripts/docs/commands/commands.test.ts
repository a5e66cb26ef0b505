import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { blocksOf } from "./blocks.ts";
import { openTerminal } from "./terminal.ts";
import { makeWorkplace } from "./workplace.ts";

const root = resolve(import.meta.dirname, "../../..");
const read = (file: string) => readFile(resolve(root, file), "utf8");
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(await read("package.json")));

/** Its commands are those of the catalogue, and have a test of their own: faults-page.test.ts. */
const generated = "docs/faults.md";

const pages = ["README.md", ...globSync("docs/*.md", { cwd: root })].filter((page) => page !== generated);
const pagesWithCommands = (
  await Promise.all(pages.map(async (page) => ({ page, blocks: blocksOf(page, await read(page)) })))
).filter(({ blocks }) => blocks.some(({ kind }) => kind === "commands"));

// Each page is read by somebody else; more at once would only wait for processors.
vi.setConfig({ maxConcurrency: 2 });

test.concurrent.for(pagesWithCommands)(
  "$page",
  { timeout: 300_000 },
  async ({ blocks }, { onTestFinished }) => {
    const workplace = await makeWorkplace(Object.keys(scripts));
    const terminal = openTerminal(workplace);
    onTestFinished(async () => {
      await terminal.close();
      await workplace.remove();
    });
    for (const block of blocks) {
      if (block.kind === "file") await workplace.write(block.name, workplace.onOwnPorts(block.text));
      else if (block.order.notRun === undefined) await terminal.run(block);
      else console.log(`${block.place} is not run: ${block.order.notRun}\n${block.script}`);
    }
  },
);

test("a comment that says nothing known is an error that names the place", () => {
  const page = "Text\n\n<!-- test: perhaps -->\n```sh\ntrue\n```\n";
  expect(() => blocksOf("docs/page.md", page)).toThrow('docs/page.md:4: nobody knows what "perhaps"');
});

test("a command that does not end as its page says fails", async () => {
  const workplace = await makeWorkplace([]);
  const terminal = openTerminal(workplace);
  onTestFinished(async () => {
    await terminal.close();
    await workplace.remove();
  });
  const stale = blocksOf("page.md", "```sh\nnpx x402-assay sandbox --no-such-flag\n```\n");
  const ended = blocksOf("page.md", '<!-- test: background until "ready" -->\n```sh\necho no\n```\n');
  const told = blocksOf("page.md", "<!-- test: exit 2 -->\n```sh\nnpx x402-assay pay\n```\n");
  for (const block of [...stale, ...ended]) {
    if (block.kind === "commands") await expect(terminal.run(block)).rejects.toThrow(/^page\.md:\d: exit/);
  }
  for (const block of told) if (block.kind === "commands") await terminal.run(block);
});
