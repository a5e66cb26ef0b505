import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { projectRoot } from "./project.ts";
import { benchReportSchema } from "./report.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "x402-assay-bench-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const main = join(projectRoot, "scripts/bench/main.ts");
const bench = (...args: string[]) =>
  promisify(execFile)(process.execPath, [main, ...args], { timeout: 150_000 });

test("measures paid loops of both sides on one chain and writes what it found", async () => {
  const json = join(folder, "bench.json");
  const { stdout } = await bench("--quick", "--only", "loops", "--duration", "0.1", "--json", json);
  const report = benchReportSchema.parse(JSON.parse(await readFile(json, "utf8")));
  expect(report.figures.map(({ id }) => id)).toEqual([
    "loops.rate.1",
    "loops.rate.8",
    "loops.rate.32",
    "loops.latency.1",
    "loops.processor.buyer",
    "loops.processor.seller",
    "loops.processor.facilitator",
  ]);
  for (const { official, ratio } of report.figures) {
    expect(official?.median).toBeGreaterThan(0);
    expect(ratio).toBeGreaterThan(0);
  }
  expect(report.checks).toEqual([
    expect.objectContaining({ title: "every loop of ours was paid on the chain", ok: true }),
    expect.objectContaining({ title: "every official loop was paid on the chain", ok: true }),
  ]);
  expect(stripVTControlCharacters(stdout)).toContain("one paid loop at a time, latency");
});

test("measures the start of the sandbox, cold and warm", async () => {
  const json = join(folder, "sandbox.json");
  await bench("--quick", "--only", "sandbox", "--json", json);
  const { figures } = benchReportSchema.parse(JSON.parse(await readFile(json, "utf8")));
  const [cold, warm] = figures;
  expect(figures.map(({ id }) => id)).toEqual(["sandbox.ready.cold", "sandbox.ready.warm"]);
  expect(cold?.ours.min).toBeGreaterThan(warm?.ours.min ?? Number.POSITIVE_INFINITY);
});

test("watches the memory of facilitator and seller while they are paid", async () => {
  const json = join(folder, "memory.json");
  await bench("--quick", "--only", "memory", "--duration", "0.2", "--json", json);
  const { figures, checks } = benchReportSchema.parse(JSON.parse(await readFile(json, "utf8")));
  expect(figures.map(({ id, unit }) => [id, unit])).toEqual([
    ["memory.seller", "MiB"],
    ["memory.facilitator", "MiB"],
  ]);
  expect(checks).toEqual([
    expect.objectContaining({
      ok: true,
      detail: expect.stringMatching(/loops.*facilitator held/),
    }),
  ]);
});

test("ends in order at Ctrl-C, whatever it is doing", async () => {
  const run = spawn(process.execPath, [main, "--only", "loops", "--duration", "60"], {
    stdio: ["ignore", "ignore", "pipe"],
    timeout: 150_000,
  });
  await once(run.stderr, "data");
  run.kill("SIGINT");
  expect(await once(run, "exit")).toEqual([130, null]);
});

test("refuses a duration that is none", async () => {
  await expect(bench("--duration", "never")).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("Expected seconds"),
  });
});
