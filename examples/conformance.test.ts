import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";

const cli = resolve(import.meta.dirname, "../conformance/cli/main.ts");
const patience = 120_000;

/** Each example, and the part of its run that a test has time for: what it does right, and where it can, what is known. */
const examples = [
  { folder: "express-seller", role: "seller", only: ["*.validate.*", "*.retry.*", "*.access.head-*"] },
  { folder: "hono-seller", role: "seller", only: ["*.validate.*", "*.retry.*", "*.access.head-*"] },
  { folder: "fastify-seller", role: "seller", only: ["*.validate.*", "*.retry.*", "*.access.head-*"] },
  {
    folder: "fetch-handler-seller",
    role: "seller",
    only: ["*.validate.*", "*.retry.*", "*.access.head-*", "*.settlement.internals-*"],
  },
  {
    folder: "python-seller",
    role: "seller",
    only: ["*.validate.*", "*.retry.*", "*.replay.*", "*.settlement.*"],
    needs: "python3",
  },
  { folder: "mcp-seller", role: "seller", only: ["*.validate.*", "*.mcp.*", "*.replay.*", "*.settlement.*"] },
  { folder: "facilitator", role: "facilitator", only: ["*.api.*", "*.malformed.version"] },
  { folder: "agent-loop", role: "client", only: ["client.authorization.*"] },
] as const;

const reportSchema = z.object({
  cases: z.array(z.object({ status: z.string(), known: z.object({ reason: z.string() }).optional() })),
});

let reports: string;
beforeAll(async () => {
  reports = await mkdtemp(join(tmpdir(), "x402-assay-examples-"));
});
afterAll(() => rm(reports, { recursive: true }));

test.for(examples)(
  "$folder is conformant, but for what is known",
  { timeout: patience },
  async (example, context) => {
    const { folder, role, only } = example;
    if ("needs" in example && !isInstalled(example.needs)) context.skip(`${example.needs} is not installed`);
    const cwd = join(import.meta.dirname, folder);
    const file = join(reports, `${folder}.json`);
    const run = spawn(
      process.execPath,
      [cli, "conformance", role, "--report", `json=${file}`, ...only.flatMap((glob) => ["--only", glob])],
      // The commands of the configurations start with `node`: this one.
      { cwd, env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` } },
    );
    const [printed, complaints, code] = await Promise.all([
      text(run.stdout),
      text(run.stderr),
      new Promise((ended) => run.once("close", ended)),
    ]);
    expect(code, `${printed}\n${complaints}`).toBe(0);
    const { cases } = reportSchema.parse(JSON.parse(await readFile(file, "utf8")));
    expect(cases.filter(({ status }) => status === "pass").length).toBeGreaterThan(4);
    const known = cases.filter((verdict) => verdict.known !== undefined);
    expect(known.length > 0).toBe(existsSync(join(cwd, "known-failures.json")));
  },
);

function isInstalled(program: string): boolean {
  return spawnSync(program, ["--version"]).error === undefined;
}
