import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { reportOf, verdict } from "../report/testing/reports.ts";
import { run } from "./testing/command.ts";
import { httpServer } from "./testing/servers.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "report-command-"));
});
afterAll(() => rm(folder, { recursive: true }));

const patient = { timeout: 300_000 };
const reportSchema = z.object({
  totals: z.record(z.string(), z.number()),
  exitCode: z.number(),
  cases: z.array(
    z.object({ id: z.string(), status: z.string(), exchanges: z.array(z.unknown()).optional() }),
  ),
});
const read = async (name: string) =>
  reportSchema.parse(JSON.parse(await readFile(join(folder, name), "utf8")));

test("shards that are merged are the whole run", patient, async () => {
  const cases = ["--only", "seller.challenge.*", "--only", "seller.replay.{same,after}*", "--seed", "shards"];
  const judge = (name: string, ...flags: string[]) =>
    run(["conformance", "seller", ...cases, ...flags, "--report", `json=${name}`], folder);
  for (const shard of ["1", "2", "3"]) await judge(`${shard}.json`, "--shard", `${shard}/3`);
  await judge("whole.json");
  const merging = await run(
    ["report", "merge", "1.json", "2.json", "3.json", "--report", "json=merged.json", "junit=merged.xml"],
    folder,
  );
  expect(merging).toMatchObject({
    code: 0,
    stderr: "",
    stdout: expect.stringMatching(/^CONFORMANT {2}reference seller$/m),
  });
  const verdicts = async (name: string) => {
    const { cases: judged, ...rest } = await read(name);
    return { ...rest, cases: judged.map(({ id, status }) => ({ id, status })) };
  };
  expect(await verdicts("merged.json")).toEqual(await verdicts("whole.json"));
  const diff = await run(["report", "diff", "whole.json", "merged.json"], folder);
  expect(diff).toEqual({ code: 0, stderr: "", stdout: "Every case came to the same verdict.\n" });
  expect(await run(["report", "merge", "1.json", "3.json"], folder)).toMatchObject({
    code: 2,
    stderr: "error: Of 3 shards, 2/3 is missing.\nGive the JSON report of each shard.\n",
  });
});

test("a baseline accepts what is known, and tells what is not true any more", patient, async () => {
  const origin = await httpServer((_request, response) => response.end("sunny"));
  const judge = (only: string, ...flags: string[]) =>
    run(["conformance", "seller", "--url", `${origin}/weather`, "--only", only, ...flags], folder);
  const missing = await judge("*", "--baseline", "known.json");
  expect(missing).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("baseline update REPORT.json --baseline known.json"),
  });
  const failing = await judge("seller.challenge.{status,header}*", "--report", "json=bad.json");
  expect(failing.code).toBe(1);
  const audit = (await read("bad.json")).cases.at(-1);
  expect(audit).toMatchObject({ status: "inconclusive" });
  expect(audit?.exchanges?.length, "the purchase that failed is shown").toBeGreaterThan(0);
  const update = await run(
    ["baseline", "update", "bad.json", "--baseline", "known.json", "--reason", "ticket 7"],
    folder,
  );
  expect(update).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^known\.json: \d+ added, 0 kept, 0 removed\.$/m),
  });
  const again = await judge("seller.challenge.{status,header}*", "--baseline", "known.json");
  expect(again.stdout).toMatch(/known: ticket 7/);
  expect([0, 3]).toContain(again.code);
});

test("a diff ends with 1 when something broke", async () => {
  const write = (name: string, status: "pass" | "fail") =>
    writeFile(join(folder, name), JSON.stringify(reportOf([verdict("one", status)])));
  await write("good.json", "pass");
  await write("broken.json", "fail");
  const line = "seller.x.one: pass → fail  The case one";
  expect(await run(["report", "diff", "good.json", "broken.json"], folder)).toEqual({
    code: 1,
    stderr: "",
    stdout: `broken (1)\n  ${line}\n`,
  });
  expect(await run(["report", "diff", "broken.json", "good.json"], folder)).toMatchObject({ code: 0 });
});

test("what is no report is told", async () => {
  expect(await run(["report", "diff", "missing.json", "missing.json"], folder)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error: missing\.json cannot be read: ENOENT/),
  });
});
