import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { expressSellerFindings } from "./express-seller.findings.ts";

const root = resolve(import.meta.dirname, "../..");
const reportSchema = z.object({
  exitCode: z.number(),
  cases: z.array(z.object({ id: z.string(), requirement: z.string(), status: z.string() })),
});

let folder: string;
let report: z.infer<typeof reportSchema>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "x402-assay-peer-"));
  const file = join(folder, "report.json");
  const { exitCode, output } = await judge(file);
  expect(exitCode, output).toBe(1);
  report = reportSchema.parse(JSON.parse(await readFile(file, "utf8")));
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

test("the run of the official seller completes", () => {
  expect(report.exitCode).toBe(1);
  expect(report.cases.filter(({ status }) => status === "pass").length).toBeGreaterThan(60);
});

test("every case is judged that can be: nothing is inconclusive, and all requests were given", () => {
  const unjudged = report.cases.filter(({ status }) => !["pass", "fail", "warn"].includes(status));
  expect(unjudged.map(({ id, status }) => `${id}: ${status}`)).toEqual([
    // It answers no pages of other origins, offers no extension, and none of its parallel requests loses.
    "seller.challenge.is-exposed-to-pages: not-applicable",
    "seller.challenge.extensions-are-described: not-applicable",
    "seller.replay.losers-get-nothing: not-applicable",
  ]);
});

test("what it is blamed for is what was found by hand, no more and no less", () => {
  const blamed = report.cases.filter(({ status }) => status === "fail" || status === "warn");
  const found = expressSellerFindings.map(({ caseId: id, requirement, status }) => ({
    id,
    requirement,
    status,
  }));
  expect(blamed).toEqual(expect.arrayContaining(found));
  expect(blamed).toHaveLength(found.length);
});

/** Runs the suite on the official seller as a user does; gives the exit code and what the suite printed. */
async function judge(reportFile: string): Promise<{ exitCode: number | null; output: string }> {
  const words = [
    ["conformance", "seller"],
    ["--start", `"${process.execPath}" conformance/peers/express-seller.ts`],
    ["--url", "http://127.0.0.1:{port}/weather?city=Berlin"],
    ["--invalid", "GET /weather"],
    ["--free", "GET /free"],
    ["--failing", "GET /flaky?fail=true"],
    ["--also-paid", "GET /premium"],
    ["--report", `json=${reportFile}`],
  ].flat();
  const run = spawn(process.execPath, ["conformance/cli/main.ts", ...words], { cwd: root, timeout: 50_000 });
  const [printed, complaints] = await Promise.all([text(run.stdout), text(run.stderr), once(run, "close")]);
  return { exitCode: run.exitCode, output: `${printed}\n${complaints}` };
}
