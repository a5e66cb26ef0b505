import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";

const repository = resolve(import.meta.dirname, "../..");

/** A tree that keeps every rule; each test adds one file to it. */
const lawful = {
  "package.json": JSON.stringify({ type: "module", imports: { "#sandbox": "./sandbox/index.ts" } }),
  "contracts/index.ts": "export const build = 1;",
  "sandbox/index.ts": 'export * from "./seller/index.ts";',
  "sandbox/protocol/index.ts": 'export * from "./codec.ts";',
  "sandbox/protocol/codec.ts": "export const codec = 1; export type Codec = typeof codec;",
  "sandbox/protocol/testing/arbitrary.ts": "export {};",
  "sandbox/seller/a.test.ts": 'import "../protocol/testing/arbitrary.ts";',
  "sandbox/seller/index.ts": 'export { codec } from "../protocol/index.ts";',
  "conformance/engine/index.ts": 'export * from "./verdict.ts"; import "#sandbox";',
  "conformance/engine/verdict.ts": "export const verdict = 1;",
  "conformance/engine/client/index.ts": 'export * from "./shop.ts";',
  "conformance/engine/client/shop.ts":
    'import { verdict } from "../verdict.ts"; export const shop = verdict;',
  "conformance/cases/lost.ts": 'import "../engine/client/index.ts";',
  "conformance/cases/replay.ts": 'import { verdict } from "../engine/index.ts"; import "node:fs"; verdict;',
  "conformance/oracles/wire/index.ts": "export {};",
  "scripts/check.ts": 'import "../sandbox/protocol/index.ts"; import "#sandbox";',
};

let tree: string;

beforeEach(async () => {
  tree = await mkdtemp(join(tmpdir(), "imports-"));
  for (const [path, source] of Object.entries(lawful)) await write(path, source);
});

afterEach(() => rm(tree, { recursive: true }));

test("a tree that keeps every rule passes", async () => {
  expect(await brokenRules()).toEqual([]);
});

test.each([
  ["contracts-stand-alone", "contracts/a.ts", 'import "../sandbox/index.ts";'],
  ["sandbox-knows-no-judge", "sandbox/seller/a.ts", 'import "../../conformance/engine/index.ts";'],
  ["scripts-are-not-shipped", "sandbox/seller/a.ts", 'import "../../scripts/check.ts";'],
  ["sandbox-by-its-public-door", "conformance/engine/a.ts", 'import "../../sandbox/index.ts";'],
  ["scripts-through-doors", "scripts/a.ts", 'import "../sandbox/protocol/codec.ts";'],
  ["protocol-stands-alone", "sandbox/protocol/a.ts", 'import "../seller/index.ts";'],
  ["wire-oracle-is-independent", "conformance/oracles/wire/a.ts", 'import "#sandbox";'],
  ["cases-are-declarative", "conformance/cases/a.ts", 'import "#sandbox";'],
  ["door-of-sandbox/protocol", "sandbox/seller/a.ts", 'import "../protocol/codec.ts";'],
  ["door-of-sandbox/protocol", "sandbox/seller/a.ts", 'import type { Codec } from "../protocol/codec.ts";'],
  ["door-of-sandbox/protocol", "sandbox/seller/a.ts", 'export { codec } from "../protocol/codec.ts";'],
  ["door-of-sandbox/protocol", "sandbox/seller/a.ts", 'await import("../protocol/codec.ts");'],
  ["door-of-conformance/engine", "conformance/oracles/a.ts", 'import "../engine/verdict.ts";'],
  ["door-of-conformance/engine/client", "conformance/engine/a.ts", 'import "./client/shop.ts";'],
  ["door-of-each-sandbox-folder", "sandbox/seller/a.ts", 'import "../protocol/codec.ts";'],
  ["testing-is-for-tests", "sandbox/protocol/a.ts", 'import "./testing/arbitrary.ts";'],
  ["no-circles", "sandbox/seller/a.ts", 'import "./a.ts";'],
  ["resolvable", "sandbox/seller/a.ts", 'import "./not-there.ts";'],
])("%s is broken by %s: %s", async (rule, path, source) => {
  await write(path, source);
  expect(await brokenRules()).toContain(rule);
});

async function write(path: string, source: string): Promise<void> {
  await mkdir(dirname(join(tree, path)), { recursive: true });
  await writeFile(join(tree, path), source);
}

const cruise = z.object({
  summary: z.object({ violations: z.array(z.object({ rule: z.object({ name: z.string() }) })) }),
});

async function brokenRules(): Promise<string[]> {
  const depcruise = join(repository, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
  const config = join(repository, ".dependency-cruiser.mjs");
  const folders = ["contracts", "sandbox", "conformance", "scripts"];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [depcruise, ...folders, "--config", config, "--output-type", "json"],
    { cwd: tree },
  );
  return cruise.parse(JSON.parse(stdout)).summary.violations.map(({ rule }) => rule.name);
}
