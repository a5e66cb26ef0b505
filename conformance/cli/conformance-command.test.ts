import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import { z } from "zod";
import { run, start } from "./testing/command.ts";
import { isThere } from "./testing/processes.ts";
import { hangsLater, neverReady } from "./testing/sellers.ts";
import { httpServer, observer } from "./testing/servers.ts";

const oneCase = "seller.replay.same-payment-twice";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "conformance-command-"));
});
afterAll(() => rm(folder, { recursive: true }));

const seller = (...args: string[]) => run(["conformance", "seller", ...args], folder);

describe.concurrent("a run of the reference", () => {
  test("replay runs one case with the seed that is given", async ({ expect }) => {
    const { code, stdout } = await run(["conformance", "replay", oneCase, "--seed", "7f3a"]);
    expect(stdout).toMatch(/✓ seller\.replay\.same-payment-twice/);
    expect(stdout).toMatch(/^2 pass; .*seed 7f3a$/m);
    expect(code).toBe(0);
  });

  test("replay runs its case whatever the configuration chooses", async ({ expect }) => {
    const home = await project("choosy", {
      "x402-assay.config.json": JSON.stringify({ only: ["seller.retry.*"], skip: ["seller.replay.*"] }),
    });
    const { code, stdout } = await run(["conformance", "replay", oneCase, "--seed", "1"], home);
    expect(stdout).toMatch(/✓ seller\.replay\.same-payment-twice/);
    expect(code).toBe(0);
  });

  test("reports are written where flags say", async ({ expect }) => {
    const file = join(folder, "by-flag.json");
    const { code } = await seller("--only", oneCase, "--seed", "1", "--report", `json=${file}`);
    expect(code).toBe(0);
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({
      suite: "seller",
      seed: "1",
      exitCode: 0,
      totals: { pass: 2 },
    });
  });

  test("a budget that is used up leaves the rest unproven", async ({ expect }) => {
    const { code, stdout } = await seller("--only", oneCase, "--budget", "1500");
    expect(stdout).toContain("The run's budget of 1500 does not allow to sign 1000 more: 1000 are signed.");
    expect(code).toBe(3);
  });

  test("the config in the working directory says what flags would", async ({ expect }) => {
    const home = await project("configured", {
      "x402-assay.config.ts": `export default { only: [${JSON.stringify(oneCase)}], seed: "from-config", report: { json: "out.json" } };`,
    });
    const { code, stdout } = await run(["conformance", "seller"], home);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining("seed from-config") });
    expect(JSON.parse(await readFile(join(home, "out.json"), "utf8"))).toMatchObject({ seed: "from-config" });
  });

  test("a config may be typed with defineConfig of x402-assay", async ({ expect }) => {
    const { code, stdout } = await seller("--config", join(import.meta.dirname, "testing/typed.config.ts"));
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("2 pass;") });
    expect(stdout).toContain("seed typed");
  });

  test("a flag wins over the config", async ({ expect }) => {
    const home = await project("overruled", {
      "x402-assay.config.json": JSON.stringify({ only: ["nothing"], seed: "from-config" }),
    });
    const { stdout } = await run(["conformance", "seller", "--only", oneCase, "--seed", "from-flag"], home);
    expect(stdout).toContain("seed from-flag");
  });
});

describe.concurrent("wrong usage", () => {
  test.for([
    [["--bogus"], "unknown option '--bogus'"],
    [["--url", "weather"], "'--url <url>' argument 'weather' is invalid. Expected a URL such as"],
    [["--ready", "ftp://x"], "'--ready <url>' argument 'ftp://x' is invalid."],
    [["--ready-timeout", "soon"], "Expected a whole number of milliseconds from 1."],
    [["--sandbox", "4020"], "'--sandbox <url>' argument '4020' is invalid."],
    [["--level", "may"], "Allowed choices are must, should, all."],
    [["--protocol", "x402@9"], "'--protocol <protocol>' argument 'x402@9' is invalid."],
    [["--workers", "0"], "'--workers <n>' argument '0' is invalid. Expected a whole number from 1."],
    [["--shard", "3/2"], "Expected I/N with I from 1 to N, e.g. 1/3."],
    [["--budget", "2 USDC"], "Expected atomic units, e.g. 2000000 for 2 USDC."],
    [["--header", "x-team", "--url", "http://127.0.0.1:1/"], '--header is "x-team", not a header.'],
    [["--timeout", "99999999999"], "Expected a whole number of milliseconds from 1."],
    [["--report", "xml=x"], "Expected FORMAT=FILE with one of the formats json"],
    [["--report", "json"], "Expected FORMAT=FILE with one of the formats json"],
    [
      ["--start", "node server.js"],
      "--start is about a seller of yours, but nothing says which.\nGive --url",
    ],
    [["--start", ""], "Expected a command; this one is empty."],
    [["--free", "/health", "--url", "http://127.0.0.1:1/"], '--free is "/health", not a request.'],
    [["--report", "json=/nowhere/report.json"], "The json report cannot be written: ENOENT"],
    [
      ["--report", "json=twice.out", "html=./twice.out"],
      "Two reports, json and html, are to be written to ./twice.out.\nGive each",
    ],
    [["--seed", ""], "Expected a seed; this one is empty."],
    [["--url", "http://127.0.0.1:{port}/"], "http://127.0.0.1:{port}/ has {port} in it"],
    [
      ["--url", "http://127.0.0.1:1/", "--ready", "http://127.0.0.1:1/"],
      "--ready is about a program that is started, and nothing is.\nGive --start",
    ],
    [["--config", "missing.ts"], "There is no config file missing.ts.\nCheck --config."],
  ])("%j", async ([args, complaint], { expect }) => {
    expect(await seller(...z.array(z.string()).parse(args))).toEqual({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining(`${complaint}`),
    });
  });

  test.for([
    ["client.authorization.nonce-is-random", ["--free", "GET /health"], "--free is about a seller"],
    ["facilitator.api.supported", ["--command", "node x.js"], "--command is about a client"],
    [oneCase, ["--pull"], "--pull is about a client"],
  ] as const)("replay of %s with %j", async ([id, flags, complaint], { expect }) => {
    expect(await run(["conformance", "replay", id, "--seed", "1", ...flags])).toEqual({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining(`error: ${complaint}, and ${id} is about a ${id.split(".")[0]}.`),
    });
  });

  test.for(["--only", "--skip"])("%s of an audit", async (flag, { expect }) => {
    expect(await seller(flag, "seller.audit.*")).toEqual({
      code: 3,
      stdout: "",
      stderr: expect.stringMatching(
        /^error: seller\.audit\.deliveries-equal-settlements is the audit of a whole run, and no case\.\nLeave it out: /,
      ),
    });
  });

  test.for(["--only", "--skip", "--level", "--shard"])("replay with %s", async (flag, { expect }) => {
    expect(await run(["conformance", "replay", oneCase, "--seed", "1", flag, "x"])).toEqual({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining(`error: unknown option '${flag}'`),
    });
  });

  test("a selection that leaves nothing", async ({ expect }) => {
    expect(await seller("--only", "client.*")).toMatchObject({
      code: 3,
      stdout: "",
      stderr: expect.stringContaining("No case is left to run."),
    });
  });

  test("a name that no case has, beside one that has", async ({ expect }) => {
    expect(await seller("--only", oneCase, "--skip", "seller.rplay.*")).toMatchObject({
      code: 3,
      stdout: "",
      stderr: expect.stringContaining("No case is called seller.rplay.*."),
    });
  });

  test("a report that is there stays until there is another", async ({ expect }) => {
    const file = join(folder, "kept.json");
    await writeFile(file, "the last report");
    await seller("--only", "nothing.*", "--report", `json=${file}`, "--report", `json=${folder}/new.json`);
    expect(await readFile(file, "utf8")).toBe("the last report");
    expect(existsSync(join(folder, "new.json"))).toBe(false);
  });
});

describe.concurrent("a config with a mistake", () => {
  test.for([
    ["type.json", '{"seller": {"url": 5}}', "seller.url: expected string, received number"],
    ["syntax.ts", "export default { seller: ", "Expression expected"],
    ["import.ts", 'import "not-installed"; export default {};', "Cannot find package 'not-installed'"],
  ] as const)("%s", async ([name, contents, complaint], { expect }) => {
    await writeFile(join(folder, name), contents);
    expect(await seller("--config", name)).toEqual({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining(`error: ${name}: ${complaint}`),
    });
  });
});

describe.concurrent("headers of every request", () => {
  const flags = ["--header", "authorization: Bearer $TEST_API_TOKEN", "--header", "x-team: blue"];
  const withToken = { TEST_API_TOKEN: "t0ken-of-mine" };

  test.for([
    ["seller", "seller.challenge.*"],
    ["facilitator", "facilitator.api.*"],
  ] as const)("reach the %s, and their secrets are shown nowhere", async ([role, cases], { expect }) => {
    const seen: (string | undefined)[] = [];
    const origin = await httpServer(({ headers }, response) => {
      seen.push(`${headers.authorization} ${headers["x-team"]}`);
      // A program that tells what it was sent must not make the suite tell it.
      response.writeHead(401).end(`You sent ${headers.authorization}.`);
    });
    const file = join(folder, `${role}-headers.json`);
    const { stdout, stderr } = await run(
      [
        "conformance",
        role,
        "--url",
        `${origin}/`,
        ...flags,
        "--only",
        cases,
        "--level",
        "must",
        "--report",
        `json=${file}`,
      ],
      { cwd: folder, env: withToken },
    );
    expect([...new Set(seen)]).toEqual(["Bearer t0ken-of-mine blue"]);
    expect(stdout).toContain("NOT CONFORMANT");
    const everything = `${stdout}${stderr}${await readFile(file, "utf8")}`;
    expect(everything).not.toContain("t0ken-of-mine");
    expect(stdout).toContain("--header 'authorization: Bearer $TEST_API_TOKEN' --header 'x-team: blue'");
  });

  test("a variable that is not set is named", async ({ expect }) => {
    expect(await seller("--url", "http://127.0.0.1:1/", "--header", "x-key: $TEST_NOT_SET")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("seller.headers needs TEST_NOT_SET, and the environment has none."),
    });
  });
});

/** Anvil's guard ends once the command is gone. */
const soon = { timeout: 60_000 };

describe.concurrent("an interruption", () => {
  test.for([
    ["SIGINT", "while the cases run", hangsLater, 130],
    ["SIGTERM", "while the cases run", hangsLater, 143],
    ["SIGINT", "while the seller gets ready", neverReady, 130],
  ] as const)("%s %s ends seller and sandbox", async ([signal, , program, exitCode], { expect }) => {
    const watch = await observer();
    const url = "http://127.0.0.1:{port}/weather";
    const command = start(["conformance", "seller", "--start", program(watch.origin), "--url", url], folder);
    const pid = await watch.told;
    const children = await childrenOf(command.pid);
    expect(children.length).toBeGreaterThanOrEqual(2);
    command.signal(signal, "terminal");
    expect(await command.ended).toEqual({ code: exitCode, stdout: "", stderr: "" });
    await expect.poll(() => [pid, ...children].filter(isThere), soon).toEqual([]);
  });
});

test("Ctrl-C ends a client's module that never finishes loading, and the sandbox", async ({ expect }) => {
  const watch = await observer();
  const file = join(folder, "waits.mjs");
  await writeFile(file, `await fetch("${watch.origin}/" + process.pid); await new Promise(() => {});`);
  const command = start(["conformance", "client", "--module", file], folder);
  await watch.told;
  const children = await childrenOf(command.pid);
  command.signal("SIGINT", "terminal");
  expect(await command.ended).toEqual({ code: 130, stdout: "", stderr: "" });
  await expect.poll(() => children.filter(isThere), soon).toEqual([]);
});

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  return text.trim().split(" ").map(Number);
}

async function project(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const home = join(folder, name);
  await mkdir(home);
  for (const [file, contents] of Object.entries(files)) await writeFile(join(home, file), contents);
  return home;
}
