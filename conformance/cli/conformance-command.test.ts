import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import { z } from "zod";
import { run, start } from "./testing/command.ts";
import { hangsLater, neverReady, speaksNoHttp } from "./testing/sellers.ts";
import { httpServer, nobody, observer, silentServer, tcpServer } from "./testing/servers.ts";

const oneCase = "seller.replay.same-payment-twice";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "conformance-command-"));
});
afterAll(() => rm(folder, { recursive: true }));

const seller = (...args: string[]) => run(["conformance", "seller", ...args], folder);

describe.concurrent("the catalogue", () => {
  test("list shows every case with its rule", async ({ expect }) => {
    const { code, stdout } = await run(["conformance", "list"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^seller\.replay\.same-payment-twice +S-RPL-01 +MUST\* +\S/m);
  });

  test("list --json is JSON", async ({ expect }) => {
    const { stdout } = await run(["conformance", "list", "--json"]);
    expect(JSON.parse(stdout)).toContainEqual({
      id: oneCase,
      requirement: "S-RPL-01",
      level: "MUST*",
      title: expect.any(String),
      needs: [],
    });
  });

  test("explain tells the rule and its source", async ({ expect }) => {
    const { code, stdout } = await run(["conformance", "explain", oneCase]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^rule +S-RPL-01 \(MUST\*\): .+$/m);
    expect(stdout).toMatch(/^source +V2 /m);
  });

  test.for([
    ["explain", "no.such.case"],
    ["replay", "no.such.case", "--seed", "1"],
  ])("%s of a case that is not there", async (args, { expect }) => {
    expect(await run(["conformance", ...args])).toEqual({
      code: 2,
      stdout: "",
      stderr: "error: There is no case no.such.case.\n`x402-assay conformance list` shows all cases.\n",
    });
  });
});

describe.concurrent("a run of the reference", () => {
  test("replay runs one case with the seed that is given", async ({ expect }) => {
    const { code, stdout } = await run(["conformance", "replay", oneCase, "--seed", "7f3a"]);
    expect(stdout).toMatch(/✓ seller\.replay\.same-payment-twice/);
    expect(stdout).toMatch(/^2 pass; .*seed 7f3a$/m);
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
    [["--free", "/health", "--url", "http://127.0.0.1:1/"], '--free is "/health", not a request.'],
    [["--report", "json=/nowhere/report.json"], "The json report cannot be written: ENOENT"],
    [["--config", "missing.ts"], "There is no config file missing.ts.\nCheck --config."],
  ])("%j", async ([args, complaint], { expect }) => {
    expect(await seller(...z.array(z.string()).parse(args))).toEqual({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining(`${complaint}`),
    });
  });

  test("an unknown command", async ({ expect }) => {
    expect(await run(["sandwich"])).toMatchObject({ code: 2, stderr: expect.stringContaining("'sandwich'") });
  });

  test("a selection that leaves nothing", async ({ expect }) => {
    expect(await seller("--only", "nothing.*")).toMatchObject({
      code: 3,
      stdout: "",
      stderr: expect.stringContaining("No case is left to run."),
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

describe.concurrent("a seller that cannot be judged", () => {
  const atPort = "http://127.0.0.1:{port}/weather";

  test("nobody listens at --url", async ({ expect }) => {
    const url = `${await nobody()}/weather`;
    expect(await seller("--url", url)).toEqual({
      code: 3,
      stdout: "",
      stderr: expect.stringContaining(`error: No HTTP answer to GET ${url}: connect ECONNREFUSED`),
    });
  });

  test("what listens at --url is not HTTP", async ({ expect }) => {
    const url = `${await tcpServer("220 mail.example ESMTP\r\n")}/weather`;
    expect(await seller("--url", url)).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^error: No HTTP answer to GET .*: Parse Error/),
    });
  });

  test("what listens at --url never answers", async ({ expect }) => {
    const { origin } = await silentServer();
    expect(await seller("--url", `${origin}/weather`, "--timeout", "300")).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("no answer within 300 ms"),
    });
  });

  test("it never gets ready: its last output is shown, and it is ended", async ({ expect }) => {
    const watch = await observer();
    const ending = seller("--start", neverReady(watch.origin), "--url", atPort, "--ready-timeout", "1500");
    const pid = await watch.told;
    const { code, stderr } = await ending;
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /^error: The program did not get ready: http:\S+ did not answer within 1500 ms \(connect ECONNREFUSED/,
    );
    expect(stderr).toMatch(/Its last output:\nwarming up\n$/);
    expect(isThere(pid)).toBe(false);
  });

  test("it ends at once", async ({ expect }) => {
    const { code, stderr } = await seller("--start", "echo one; echo two >&2; exit 5", "--url", atPort);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^error: The program did not get ready: it ended \(exit code 5\)\./);
    expect(stderr).toMatch(/one\n/);
    expect(stderr).toMatch(/two\n/);
  });

  test("it is not HTTP", async ({ expect }) => {
    const { code, stderr } = await seller(
      "--start",
      speaksNoHttp(),
      "--url",
      atPort,
      "--ready-timeout",
      "1500",
    );
    expect(code).toBe(3);
    expect(stderr).toMatch(/did not answer within 1500 ms \(what answers is not HTTP: /);
  });

  test("something answers before it is started", async ({ expect }) => {
    const url = `${await httpServer((_request, response) => response.end())}/weather`;
    expect(await seller("--start", "sleep 60", "--url", url)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`Something answers at ${url} before the program is started.`),
    });
  });

  test("no sandbox answers at --sandbox", async ({ expect }) => {
    const origin = await nobody();
    expect(await seller("--sandbox", origin)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(`error: No sandbox answers at ${origin}.`),
    });
  });
});

describe.concurrent("headers of every request", () => {
  const flags = ["--header", "authorization: Bearer $TEST_API_TOKEN", "--header", "x-team: blue"];
  const withToken = { TEST_API_TOKEN: "t0ken-of-mine" };

  test.for(["seller", "facilitator"])(
    "reach the %s, and their secrets are shown nowhere",
    async (role, { expect }) => {
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
          `${role}.*.*`,
          "--level",
          "must",
        ].concat(["--shard", "1/20", "--report", `json=${file}`]),
        { cwd: folder, env: withToken },
      );
      expect([...new Set(seen)]).toEqual(["Bearer t0ken-of-mine blue"]);
      expect(stdout).toContain("NOT CONFORMANT");
      const everything = `${stdout}${stderr}${await readFile(file, "utf8")}`;
      expect(everything).not.toContain("t0ken-of-mine");
      expect(stdout).toContain("--header 'authorization: Bearer $TEST_API_TOKEN' --header 'x-team: blue'");
    },
  );

  test("a variable that is not set is named", async ({ expect }) => {
    expect(await seller("--url", "http://127.0.0.1:1/", "--header", "x-key: $TEST_NOT_SET")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("seller.headers needs TEST_NOT_SET, and the environment has none."),
    });
  });
});

describe.concurrent("a seller that is judged, after a word before", () => {
  test("its paid route is free", async ({ expect }) => {
    const origin = await httpServer((_request, response) => response.end("sunny"));
    const { code, stdout } = await seller("--url", `${origin}/weather`, "--only", "seller.challenge.*");
    expect(stdout).toMatch(
      /^note: GET http:\S+\/weather answered 200 without asking for payment\. Check that --url/,
    );
    expect(stdout.match(/note:/g)).toHaveLength(1);
    expect(stdout).toContain("NOT CONFORMANT");
    expect(code).toBe(1);
  });

  test.for([
    [
      "another network",
      { network: "eip155:8453" },
      "wants to be paid on eip155:8453; the sandbox is eip155:84532",
    ],
    [
      "another token",
      { asset: `0x${"11".repeat(20)}` },
      `wants to be paid in the token 0x${"11".repeat(20)}`,
    ],
  ] as const)("it wants %s", async ([, change, complaint], { expect }) => {
    const challenge = {
      x402Version: 2,
      resource: { url: "http://127.0.0.1/weather" },
      accepts: [
        {
          scheme: "exact",
          network: "eip155:84532",
          amount: "1000",
          asset: "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
          payTo: `0x${"22".repeat(20)}`,
          maxTimeoutSeconds: 60,
          extra: { name: "USDC", version: "2" },
          ...change,
        },
      ],
    };
    const header = Buffer.from(JSON.stringify(challenge)).toString("base64");
    const origin = await httpServer((_request, response) =>
      response.writeHead(402, { "payment-required": header }).end("{}"),
    );
    const { code, stdout } = await seller("--url", `${origin}/weather`, "--only", oneCase);
    expect(stdout).toMatch(/^note: The seller /);
    expect(stdout).toContain(complaint);
    expect([1, 3]).toContain(code);
  });
});

describe.concurrent("versions of x402", () => {
  const oneInEach = ["--only", oneCase, "--only", "seller.v1.replay-same-payment-twice"];
  const program = join(import.meta.dirname, "../../sandbox/seller/start.ts");
  const speaking = (protocols: string) => [
    ...["--start", `PROTOCOLS=${protocols} ${process.execPath} ${program}`],
    ...["--url", "http://127.0.0.1:{port}/weather?city=Berlin"],
  ];

  test.for([
    ["the reference, unless told", [], "3 pass;"],
    ["the reference in v2", ["--protocol", "x402@2"], "2 pass;"],
    ["the reference in v1", ["--protocol", "x402@1"], "2 pass;"],
    ["the reference by v1's rules", ["--set", "x402@1"], "2 pass;"],
    ["a seller of both", speaking("x402@2,x402@1"), "3 pass;"],
    ["a seller of v2: v1 is not asked of it", speaking("x402@2"), "2 pass, 1 not-applicable;"],
    ["a seller of v1 in v1", [...speaking("x402@1"), "--protocol", "x402@1"], "2 pass;"],
  ] as const)("%s", async ([, flags, totals], { expect }) => {
    const { code, stdout } = await seller(...flags, ...oneInEach);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(totals) });
    expect(stdout).not.toContain("note:");
  });

  test("a seller of v1, asked for v2, is told of --protocol", async ({ expect }) => {
    const { code, stdout } = await seller(...speaking("x402@1"), ...oneInEach);
    expect(stdout).toMatch(/^note: The challenge is x402 v1, in the body\..*--protocol x402@1\.$/m);
    expect(stdout).toMatch(/✓ seller\.v1\.replay-same-payment-twice/);
    expect(code).toBe(3);
  });

  test("a seller of v2, asked for v1, is told what lacks", async ({ expect }) => {
    const flags = ["--protocol", "x402@1", "--only", "seller.v1.challenge-*"];
    const { code, stdout } = await seller(...speaking("x402@2"), ...flags);
    expect(stdout).toMatch(/^note: The challenge is x402 v2, in the PAYMENT-REQUIRED header\. For v1/m);
    expect(stdout).toMatch(/✗ seller\.v1\.challenge-in-the-body/);
    expect(stdout).toMatch(/replay seller\.v1\.challenge-in-the-body --seed \S+ .*--protocol x402@1$/m);
    expect(code).toBe(1);
  });
});

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
    expect([pid, ...children].filter(isThere)).toEqual([]);
  });
});

/** A process that has ended, but whose end nobody has asked for, counts as gone. */
function isThere(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

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
