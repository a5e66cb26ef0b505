import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, onTestFinished, test } from "vitest";
import { z } from "zod";
import { run } from "./testing/command.ts";
import { isThere } from "./testing/processes.ts";
import { diesLater, neverReady, speaksNoHttp } from "./testing/sellers.ts";
import {
  challengingServer,
  httpServer,
  nobody,
  observer,
  silentServer,
  tcpServer,
} from "./testing/servers.ts";

const oneCase = "seller.replay.same-payment-twice";

const seller = (...args: string[]) => run(["conformance", "seller", ...args]);

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

  test("it wraps its base64: that is told at once", async ({ expect }) => {
    const wrapped = "HTTP/1.1 402 Payment Required\r\nPAYMENT-REQUIRED: eyJ4\r\n NDAy\r\n\r\n";
    const { code, stderr } = await seller("--start", speaksNoHttp(wrapped), "--url", atPort);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^error: The program did not get ready: what answers is not HTTP: /);
    expect(stderr).toContain("a header value seems to have a line break; encode base64 without wrapping it");
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

  test("something else than a sandbox answers at --sandbox", async ({ expect }) => {
    const page = await httpServer((_request, response) => response.end("<h1>Hello</h1>"));
    const old = await httpServer((_request, response) =>
      response.end(JSON.stringify({ rpcUrl: "http://127.0.0.1:1", faultyRpcUrl: 5 })),
    );
    const [one, other] = await Promise.all([seller("--sandbox", page), seller("--sandbox", old)]);
    expect(one).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(`error: What answers at ${page} is no sandbox of this version`),
    });
    expect(other).toMatchObject({ code: 3, stderr: expect.stringContaining("at faultyRpcUrl.") });
  });

  test("nothing comes from --sandbox", async ({ expect }) => {
    const { origin } = await silentServer();
    expect(await seller("--sandbox", origin)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(`error: No sandbox answers at ${origin} within 5 s.`),
    });
  });
});

test("a seller that ends while it is judged is named, with its last words", async ({ expect }) => {
  const folder = await mkdtemp(join(tmpdir(), "seller-command-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const url = "http://127.0.0.1:{port}/weather";
  const reports = ["--report", `json=${folder}/out.json`, `md=${folder}/out.md`];
  const program = ["--start", diesLater(), "--url", url, "--only", "seller.challenge.*"];
  const { code, stdout } = await seller(...program, ...reports);
  const told =
    /The program ended by itself while it was judged \(exit code 9\).+Its last output:\s+>? ?out of coffee/s;
  expect(stdout).toMatch(told);
  expect(await readFile(`${folder}/out.md`, "utf8")).toMatch(told);
  const { notices } = z
    .object({ notices: z.array(z.string()) })
    .parse(JSON.parse(await readFile(`${folder}/out.json`, "utf8")));
  expect(notices.at(-1)).toMatch(told);
  expect(code).toBe(1);
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

  test("it breaks", async ({ expect }) => {
    const origin = await httpServer((_request, response) => {
      response.statusCode = 500;
      response.end("/accepts returned\n  404");
    });
    const { stdout } = await seller("--url", `${origin}/weather`, "--only", oneCase);
    expect(stdout).toMatch(
      /^note: GET http:\S+\/weather answered 500 without asking for payment: \/accepts returned 404\./,
    );
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
    const origin = await challengingServer(change);
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
    const flags = ["--protocol", "x402@1", "--timeout", "9000", "--only", "seller.v1.challenge-*"];
    const { code, stdout } = await seller(...speaking("x402@2"), ...flags);
    expect(stdout).toMatch(/^note: The challenge is x402 v2, in the PAYMENT-REQUIRED header\. For v1/m);
    expect(stdout).toMatch(/✗ seller\.v1\.challenge-in-the-body/);
    expect(stdout).toMatch(
      /replay seller\.v1\.challenge-in-the-body --seed \S+ .*--protocol x402@1 --timeout 9000$/m,
    );
    expect(code).toBe(1);
  });
});

describe.concurrent("a seller whose tools are paid over MCP", () => {
  test.for([
    [["--tool", "weather"], "--tool is about a seller of yours, but nothing says which."],
    [["--url", "http://127.0.0.1:1/mcp", "--tool", "weather", "--data", "[]"], "are no JSON object: []"],
    [["--url", "http://127.0.0.1:1/mcp", "--tool", "weather", "--method", "GET"], "A tool has no method."],
  ] as const)("is refused before anything starts: %s", async ([flags, complaint], { expect }) => {
    const { code, stderr } = await run(["conformance", "seller", ...flags]);
    expect(code).toBe(2);
    expect(stderr).toContain(complaint);
  });

  test("nobody speaks MCP at --url", async ({ expect }) => {
    const { code, stderr } = await run([
      ...["conformance", "seller", "--url", "http://127.0.0.1:1/mcp", "--tool", "weather"],
    ]);
    expect(code).toBe(3);
    expect(stderr).toContain("Nobody speaks MCP at http://127.0.0.1:1/mcp: ");
    expect(stderr).toContain("Check that --url is where the server takes Streamable HTTP");
  });
});
