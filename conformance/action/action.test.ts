import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { flagInputs } from "./flags.ts";
import { variableOf } from "./inputs.ts";
import { readAction, useAction } from "./testing/runner.ts";

const root = resolve(import.meta.dirname, "../..");
const paidUrl = "http://127.0.0.1:{port}/weather?city=Berlin";
const fewCases = "seller.replay.same-payment-twice\nseller.challenge.*";

/** An install from the registry, on a machine that does other things, too. */
const patience = 600_000;

let folder: string;
let actionPath: string;
let workspace: string;

/** The action as a runner downloads it: what git has of this repository, and nothing of node_modules. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "action-"));
  [actionPath, workspace] = [join(folder, "action"), join(folder, "workspace")];
  await mkdir(join(workspace, "shop"), { recursive: true });
  const listing = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const { stdout } = await promisify(execFile)("git", listing, { cwd: root, maxBuffer: 2 ** 26 });
  for (const file of new Set(stdout.split("\0").filter((name) => name !== "" && name !== "node_modules"))) {
    await mkdir(dirname(join(actionPath, file)), { recursive: true });
    await cp(join(root, file), join(actionPath, file)).catch(ignoreMissing);
  }
}, patience);
afterAll(() => rm(folder, { recursive: true }));

/** Git still lists what was removed and not committed. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}

const program = (path: string) => `${process.execPath} ${join(actionPath, path)}`;
const mutant = (id: string) => `${program("conformance/zoo/seller/start.ts")} ${id}`;
const sellerStart = () => program("sandbox/seller/start.ts");

test("a good seller is green, with nothing installed before", { timeout: patience }, async () => {
  const used = await useAction(actionPath, workspace, {
    url: paidUrl,
    start: sellerStart(),
    invalid: "GET /weather",
    free: "GET /free",
    only: fewCases,
  });
  expect(used).toMatchObject({
    exitCode: 0,
    outputs: { outcome: "conformant", "exit-code": "0", failed: "0" },
  });
  expect(Number(used.outputs.passed)).toBeGreaterThan(5);
  expect(used.summary).toMatch(/^## ✅ /);
  expect(used.log).not.toMatch(/^::(error|warning)/m);
  const {
    "report-json": json = "",
    "report-html": html = "",
    "report-directory": directory = "",
  } = used.outputs;
  expect(JSON.parse(await readFile(json, "utf8"))).toMatchObject({ suite: "seller", exitCode: 0 });
  expect(await readFile(html, "utf8")).toMatch(/^<!doctype html>/i);
  expect(await readFile(join(directory, "seller.junit.xml"), "utf8")).toContain("<testsuite");
  expect(used.uses).toEqual([
    {
      action: expect.stringMatching(/^actions\/upload-artifact@[0-9a-f]{40}$/),
      with: { name: "x402-assay", path: directory, "if-no-files-found": "ignore" },
    },
  ]);
});

describe("a mutant", () => {
  test.for([
    ["sells-what-was-bought-again", "seller.replay.same-payment-twice"],
    ["ignores-failed-settlement", "seller.settlement.*"],
  ])("%s is red", { timeout: patience }, async ([id = "", only = ""]) => {
    const used = await useAction(actionPath, workspace, { url: paidUrl, start: mutant(id), only });
    expect(used).toMatchObject({ exitCode: 1, outputs: { outcome: "not-conformant", "exit-code": "1" } });
    expect(Number(used.outputs.failed)).toBeGreaterThan(0);
    expect(used.summary).toMatch(/^## ❌ /);
    expect(used.log).toMatch(/^::error title=fail%3A seller\.[\w.-]+::S-[A-Z]+-\d+: .*%0AExpected /m);
    expect(used.uses).toHaveLength(1);
  });

  test.for([
    ["never", "seller.replay.same-payment-twice", 0, "not-conformant"],
    ["not-conformant", "seller.replay.same-payment-twice", 1, "not-conformant"],
  ] as const)("fail-on %s", { timeout: patience }, async ([failOn, only, exitCode, outcome]) => {
    const used = await useAction(actionPath, workspace, {
      "working-directory": "shop",
      url: paidUrl,
      start: mutant("sells-what-was-bought-again"),
      only,
      "fail-on": failOn,
      annotations: "false",
      summary: "false",
    });
    expect(used).toMatchObject({ exitCode, outputs: { outcome }, summary: "" });
    expect(used.log).not.toContain("::error");
  });
});

describe("what comes to no run", () => {
  test("a seller that is not there is incomplete", { timeout: patience }, async () => {
    const used = await useAction(actionPath, workspace, { url: "http://127.0.0.1:1/weather" });
    expect(used).toMatchObject({
      exitCode: 3,
      outputs: { outcome: "incomplete", passed: "0", "report-json": "" },
    });
    expect(used.summary).toContain("## ❓ seller: no run");
    expect(used.log).toContain("No HTTP answer to GET http://127.0.0.1:1/weather");
    expect(used.log).toMatch(/^::error title=x402-assay seller::It came to no run \(exit code 3\)/m);
  });

  test.for([
    [{ suites: "seller cook" }, "suites: "],
    [{ "fail-on": "sometimes" }, "fail-on: "],
    [
      { suites: "seller,facilitator", url: paidUrl },
      "url could be about any of the suites seller, facilitator",
    ],
    [{ url: "weather" }, "exit code 2"],
    [{}, "Nothing says what the suite seller is to judge"],
    [{ url: paidUrl, "dynamic-prices": "perhaps" }, 'dynamic-prices is "perhaps"'],
    [{ url: "  " }, "Nothing says what the suite seller is to judge"],
  ] as const)("wrong usage: %j", { timeout: patience }, async ([inputs, complaint]) => {
    const used = await useAction(actionPath, workspace, { "fail-on": "any", ...inputs });
    expect(used).toMatchObject({ exitCode: 2, outputs: { outcome: "error" } });
    expect(used.log).toMatch(/^::error /m);
    expect(used.log).toContain(complaint);
  });

  test("inputs are never read by a shell", { timeout: patience }, async () => {
    const file = join(folder, "touched");
    const hostile = `$(touch ${file})\`touch ${file}\`'"; touch ${file} #`;
    const used = await useAction(actionPath, workspace, {
      url: "http://127.0.0.1:1/",
      only: hostile,
      data: hostile,
    });
    expect(used.exitCode).toBe(3);
    await expect(readFile(file)).rejects.toThrow("ENOENT");
  });

  test("what a program says is no command to the runner", { timeout: patience }, async () => {
    const start = "echo ::error title=forged::message; exit 5";
    const { log } = await useAction(actionPath, workspace, { url: paidUrl, start });
    const [, token = "none"] = /^::stop-commands::(\S+)$/m.exec(log) ?? [];
    const [before = "", after = ""] = log.split(`::${token}::\n`);
    expect(before).toContain("::error title=forged::");
    expect(after).not.toContain("forged");
  });
});

test("several suites, of a configuration", { timeout: patience }, async () => {
  const home = join(workspace, "several");
  await mkdir(home);
  const seller = { url: paidUrl, start: sellerStart() };
  await writeFile(join(home, "x402-assay.config.json"), JSON.stringify({ seller }));
  const used = await useAction(actionPath, workspace, {
    "working-directory": "several",
    suites: "seller, facilitator",
    only: "seller.replay.same-payment-twice\nfacilitator.api.*",
  });
  expect(used).toMatchObject({ exitCode: 0, outputs: { outcome: "conformant" } });
  const reports = z.string().parse(used.outputs["report-json"]).split("\n");
  expect(reports.map((file) => file.split("/").at(-1))).toEqual(["seller.json", "facilitator.json"]);
});

test("every input reaches the program by its environment, and no expression stands in a script", async () => {
  const { inputs, runs } = await readAction(root);
  const judge = runs.steps.find(({ id }) => id === "judge");
  const elsewhere = ["working-directory", "artifact-name"];
  const handedOn = Object.keys(inputs).filter((name) => !elsewhere.includes(name));
  expect(judge?.env).toEqual(
    Object.fromEntries(handedOn.map((name) => [variableOf(name), `\${{ inputs.${name} }}`])),
  );
  expect(handedOn).toEqual(expect.arrayContaining(flagInputs.map(({ name }) => name)));
  for (const { run = "" } of runs.steps) expect(run).not.toContain("${{");
});
