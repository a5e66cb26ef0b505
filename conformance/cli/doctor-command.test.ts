import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import { z } from "zod";
import { startSandbox } from "#sandbox";
import { type Ending, run, type Surroundings } from "./testing/command.ts";
import { challengingServer, httpServer, nobody, v1FacilitatorBefore } from "./testing/servers.ts";

const program = (path: string) => `"${process.execPath}" ${resolve(import.meta.dirname, "../..", path)}`;
const sellerStart = program("sandbox/seller/start.ts");
const paidUrl = "http://127.0.0.1:{port}/weather?city=Berlin";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "doctor-command-"));
});
afterAll(() => rm(folder, { recursive: true }));

const resultSchema = z.object({
  exitCode: z.number(),
  findings: z.array(
    z.object({ check: z.string(), status: z.string(), finding: z.string(), remedy: z.string().optional() }),
  ),
});

/** Runs `doctor --json` in an empty folder; gives its findings by what was looked at. */
async function doctor(args: readonly string[], { env = {} }: Surroundings = {}) {
  const ending = await run(["doctor", ...args, "--json"], { cwd: folder, env });
  const { exitCode, findings } = resultSchema.parse(jsonOf(ending));
  if (exitCode !== ending.code) throw new Error(`It ended with ${ending.code} and says ${exitCode}.`);
  return { exitCode, found: Object.fromEntries(findings.map((one) => [one.check, one])) };
}

function jsonOf({ stdout, stderr }: Ending): unknown {
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

describe.concurrent("flags of another role", () => {
  test.for([
    [
      ["facilitator", "--url", "http://127.0.0.1:1", "--free", "GET /health"],
      "--free is about a seller, and doctor looks at a facilitator.\nLeave it out: a facilitator is named by --url, --start,",
    ],
    [
      ["--command", "node agent.js {url}", "--url", "http://127.0.0.1:1/"],
      "--url is about a seller or a facilitator, and doctor looks at a client.",
    ],
    [["--free", "GET /health"], "--free is about a seller, but nothing says which.\nGive --url"],
  ] as const)("%j", async ([args, complaint], { expect }) => {
    expect(await run(["doctor", ...args], folder)).toEqual({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining(complaint),
    });
  });
});

describe.concurrent("doctor of a seller", () => {
  test.for([
    [
      "!!",
      'The 402 has no x402@2 challenge that can be read: the value has a character outside base64: "!".',
    ],
    [btoa('{"x402Version":2,"accepts":{}}'), "The challenge offers no way to pay."],
  ] as const)("one whose PAYMENT-REQUIRED is %s", async ([header, finding], { expect }) => {
    const origin = await httpServer((_request, response) =>
      response.writeHead(402, { "payment-required": header }).end(),
    );
    const { exitCode, found } = await doctor(["--url", `${origin}/weather`]);
    expect(exitCode).toBe(1);
    expect(found.challenge).toMatchObject({
      finding,
      remedy: expect.stringMatching(/Send a JSON object|write an array/),
    });
    expect(found.chain).toBeUndefined();
    expect(found.purchase).toBeUndefined();
  });

  test("a good one that it starts", async ({ expect }) => {
    const requests = ["--invalid", "GET /weather", "--free", "GET /premium", "--also-paid", "GET /premium"];
    const { exitCode, found } = await doctor(["--start", sellerStart, "--url", paidUrl, ...requests]);
    expect(exitCode).toBe(0);
    for (const check of ["Node", "Anvil", "sandbox", "seller", "challenge", "chain", "asset", "domain"]) {
      expect(found[check], check).toMatchObject({ status: "ok" });
    }
    expect(found).toMatchObject({
      facilitator: {
        status: "ok",
        finding: "The seller asked this run's facilitator for /verify and /settle.",
      },
      purchase: { status: "ok" },
      invalid: { status: "ok", finding: "GET /weather answers 400." },
      free: {
        status: "warning",
        finding: "GET /premium answers 402. It should be served without a payment.",
      },
      alsoPaid: { status: "ok" },
      requests: { status: "warning", remedy: expect.stringContaining("--failing") },
      cost: { finding: expect.stringContaining("about 2250000 atomic units, 2.25 USDC") },
    });
  });

  test("one that asks another facilitator", async ({ expect }) => {
    const start = `FACILITATOR_URL=${await nobody()} ${sellerStart}`;
    const { exitCode, found } = await doctor(["--start", start, "--url", paidUrl]);
    expect(exitCode).toBe(1);
    expect(found).toMatchObject({
      domain: { status: "ok" },
      facilitator: {
        status: "problem",
        finding: expect.stringMatching(/^The seller did not ask this run's facilitator, http:/),
        remedy: expect.stringContaining("Let it take FACILITATOR_URL from its environment"),
      },
      purchase: { status: "problem" },
    });
  });

  test.for([
    ["chain", { network: "eip155:8453" }, 'wants to be paid on "eip155:8453"; the sandbox is eip155:84532'],
    ["asset", { asset: `0x${"11".repeat(20)}` }, `wants the token "0x${"11".repeat(20)}"; the sandbox has`],
    [
      "domain",
      { extra: { name: "USD Coin", version: "2" } },
      'extra says name "USD Coin", version "2"; the token',
    ],
  ] as const)("one whose %s is not the sandbox's", async ([check, change, complaint], { expect }) => {
    const { exitCode, found } = await doctor(["--url", `${await challengingServer(change)}/weather`]);
    expect(exitCode).toBe(1);
    expect(found[check]).toMatchObject({ status: "problem", finding: expect.stringContaining(complaint) });
    expect(found.purchase ?? found[check]).toMatchObject({ status: "problem" });
  });

  test("one that cannot know the sandbox is told how it could", async ({ expect }) => {
    const { found } = await doctor(["--url", `${await challengingServer({})}/weather`]);
    expect(found.facilitator).toMatchObject({
      status: "problem",
      remedy: expect.stringMatching(/started with --start.*give --sandbox/),
    });
  });

  test("one that tells what it was sent does not make doctor tell it", async ({ expect }) => {
    const origin = await httpServer(({ headers }, response) => {
      const challenge = { x402Version: 2, accepts: [{ network: `eip155:${headers["x-shop"]}` }] };
      const header = Buffer.from(JSON.stringify(challenge)).toString("base64");
      response.writeHead(402, { "payment-required": header }).end("{}");
    });
    const flags = ["--header", "x-shop: $TEST_DOCTOR_SECRET", "--url", `${origin}/weather`];
    const { stdout } = await run(["doctor", ...flags], {
      cwd: folder,
      env: { TEST_DOCTOR_SECRET: "s3cr3t-shop" },
    });
    expect(stdout).toContain('wants to be paid on "eip155:(redacted)"');
    expect(stdout).not.toContain("s3cr3t-shop");
  });

  test("one that charges nothing", async ({ expect }) => {
    const origin = await httpServer((_request, response) => response.end("{}"));
    const { exitCode, found } = await doctor(["--url", `${origin}/weather`]);
    expect(exitCode).toBe(1);
    expect(found.challenge).toMatchObject({
      status: "problem",
      finding: expect.stringContaining("status is 200"),
    });
    expect(found.purchase).toBeUndefined();
  });

  test("one that is not there, and one that does not start", async ({ expect }) => {
    const gone = await doctor(["--url", `${await nobody()}/weather`]);
    expect(gone).toMatchObject({ exitCode: 3, found: { seller: { status: "unreachable" } } });
    const ends = await doctor(["--start", "echo no luck; exit 5", "--url", paidUrl]);
    expect(ends).toMatchObject({
      exitCode: 3,
      found: { seller: { status: "unreachable", remedy: expect.stringContaining("no luck") } },
    });
  });
});

describe.concurrent("doctor of the others", () => {
  test("a facilitator that it starts", async ({ expect }) => {
    const start = program("sandbox/facilitator/start.ts");
    const { exitCode, found } = await doctor([
      "facilitator",
      "--start",
      start,
      "--url",
      "http://127.0.0.1:{port}",
    ]);
    expect(exitCode).toBe(0);
    expect(found).toMatchObject({
      chain: { status: "ok" },
      settlement: { status: "ok" },
      node: { status: "ok" },
    });
  });

  test("a facilitator that speaks v1 alone", async ({ expect }) => {
    const { description, stop } = await startSandbox();
    const url = await v1FacilitatorBefore(description.facilitatorUrl);
    const flags = ["facilitator", "--url", url, "--sandbox", description.adminUrl];
    for (const asked of [[], ["--protocol", "x402@1"]]) {
      const { exitCode, found } = await doctor([...flags, ...asked]);
      expect(found).toMatchObject({
        chain: { status: "ok", finding: "/supported lists base-sepolia." },
        settlement: { status: "ok" },
      });
      expect(exitCode).toBe(0);
    }
    await stop();
  });

  test("a facilitator that settles nothing", async ({ expect }) => {
    const origin = await httpServer((_request, response) => response.end('{"kinds":[]}'));
    const { exitCode, found } = await doctor(["facilitator", "--url", origin]);
    expect(exitCode).toBe(1);
    expect(found).toMatchObject({ chain: { status: "problem" }, settlement: { status: "problem" } });
  });

  test("a client that pays, and one that does not", async ({ expect }) => {
    const pays = await doctor(["--command", `${program("sandbox/client/example.ts")} {url}`]);
    expect(pays).toMatchObject({ exitCode: 0, found: { purchase: { status: "ok" } } });
    const idle = await doctor(["--command", "true"]);
    expect(idle).toMatchObject({
      exitCode: 1,
      found: { purchase: { finding: expect.stringMatching(/^It bought nothing: /) } },
    });
  });
});

describe.concurrent("doctor of this machine", () => {
  test("nothing to look at but the machine", async ({ expect }) => {
    const { code, stdout } = await run(["doctor"], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^✓ Node +\d+\.\d+\.\d+ on /);
    expect(stdout).toContain(
      "! subject      Nothing says what is to be judged.\n               → Write a configuration",
    );
    expect(stdout).toMatch(/A run can work here\. [12] warnings?\.\n$/);
  });

  test("an Anvil that is none", async ({ expect }) => {
    const { exitCode, found } = await doctor([], { env: { ANVIL_BINARY: "/nowhere/anvil" } });
    expect(exitCode).toBe(1);
    expect(found).toMatchObject({ Anvil: { status: "problem" }, sandbox: { status: "problem" } });
  });

  test("a sandbox that is not there", async ({ expect }) => {
    const { exitCode, found } = await doctor(["--sandbox", await nobody()]);
    expect({ exitCode, sandbox: found.sandbox }).toMatchObject({
      exitCode: 3,
      sandbox: { status: "unreachable" },
    });
  });

  test.for([
    [["cook"]],
    [["--config", "missing.ts"]],
    [["--header", "x", "--url", "http://127.0.0.1:1/"]],
  ] as const)("wrong usage: %j", async ([args], { expect }) => {
    expect(await run(["doctor", ...args], { cwd: folder })).toMatchObject({ code: 2 });
  });
});
