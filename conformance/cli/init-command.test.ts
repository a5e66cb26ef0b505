import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import { run } from "./testing/command.ts";
import { httpServer, nobody } from "./testing/servers.ts";

const referenceSeller = `${process.execPath} ${resolve(import.meta.dirname, "../../sandbox/seller/start.ts")}`;
const atPort = "http://127.0.0.1:{port}";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "init-command-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function home(name: string, files: Readonly<Record<string, string>> = {}): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  for (const [file, contents] of Object.entries(files)) await writeFile(join(path, file), contents);
  return path;
}

/** A seller that charges for `/paid`, in whatever words it likes. */
function sellerOf(entry: Record<string, unknown>): Promise<string> {
  const challenge = { x402Version: 2, accepts: [entry] };
  const header = Buffer.from(JSON.stringify(challenge)).toString("base64");
  return httpServer(({ url = "", headers }, response) => {
    if (headers["x-key"] !== undefined && headers["x-key"] !== "open sesame") response.writeHead(403).end();
    else if (url === "/paid?q=1") response.writeHead(402, { "payment-required": header }).end("{}");
    else if (url === "/paid") response.writeHead(400).end();
    else response.writeHead(url === "/healthz" ? 200 : 404).end("fine");
  });
}

describe.concurrent("init", () => {
  test("asks a seller that it starts, and what it writes can be run", async ({ expect }) => {
    const cwd = await home("reference");
    const { code, stdout } = await run(["init", "--start", referenceSeller, "--url", atPort], { cwd });
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^x402-assay\.config\.ts is written:/),
    });
    const text = await readFile(join(cwd, "x402-assay.config.ts"), "utf8");
    expect(text).toContain(`    url: "${atPort}/weather?city=example",`);
    expect(text).toMatch(
      /\/\/ .*city is required, and\n? *(\/\/ )?missing here\.\n {4}invalid: "GET \/weather",/,
    );
    for (const line of [
      'free: "GET /free",',
      'alsoPaid: "POST /echo {\\"message\\":\\"example\\"}",',
      '// failing: "GET /flaky",',
    ]) {
      expect(text).toContain(`    ${line}`);
    }
    const only = ["--only", "seller.replay.same-payment-twice"];
    expect(await run(["conformance", "seller", ...only], { cwd })).toMatchObject({ code: 0 });
  });

  test("asks a seller that runs; a project of CommonJS gets .mts", async ({ expect }) => {
    const manifest = JSON.stringify({ type: "commonjs", scripts: { start: "node x" } });
    const cwd = await home("commonjs", { "package.json": manifest });
    const origin = await sellerOf({ scheme: "exact", network: "eip155:84532", amount: "1000" });
    const flags = ["--url", `${origin}/paid?q=1`, "--header", "x-key: $TEST_INIT_KEY", "--json"];
    const { code, stdout } = await run(["init", ...flags], { cwd, env: { TEST_INIT_KEY: "open sesame" } });
    const headers = { "x-key": { env: "TEST_INIT_KEY", prefix: "" } };
    expect(JSON.parse(stdout)).toEqual({
      file: "x402-assay.config.mts",
      config: { seller: { url: `${origin}/paid?q=1`, headers, invalid: "GET /paid", free: "GET /healthz" } },
    });
    expect(code).toBe(0);
    const text = await readFile(join(cwd, "x402-assay.config.mts"), "utf8");
    expect(text).toContain('// start: "npm start",');
    expect(text).not.toContain("open sesame");
  });

  test("what the server writes stays inside of comments and quotes", async ({ expect }) => {
    const cwd = await home("hostile");
    const origin = await sellerOf({
      network: "*/ \n process.exit(66) //",
      amount: "1\u2028'`$\u007bprocess.exit(66)}",
    });
    await run(["init", "--url", `${origin}/paid?q=1`], { cwd });
    const only = ["--only", "seller.challenge.status"];
    const { code, stderr } = await run(["conformance", "seller", ...only, "--timeout", "2000"], { cwd });
    expect(stderr).not.toContain("config");
    expect(code).not.toBe(66);
    expect(code).not.toBe(2);
  });

  test("JSON has what is set", async ({ expect }) => {
    const cwd = await home("json");
    const origin = await sellerOf({ network: "eip155:84532", amount: "1000" });
    const file = "x402-assay.config.json";
    expect(await run(["init", "--url", `${origin}/paid?q=1`, "--file", file], { cwd })).toMatchObject({
      code: 0,
    });
    const written = JSON.parse(await readFile(join(cwd, file), "utf8"));
    expect(written).toEqual({
      seller: { url: `${origin}/paid?q=1`, invalid: "GET /paid", free: "GET /healthz" },
    });
  });

  test("never writes over a file unless it is told to", async ({ expect }) => {
    const cwd = await home("there", { "x402-assay.config.js": "mine" });
    const origin = await sellerOf({ network: "eip155:84532", amount: "1000" });
    const ask = ["init", "--url", `${origin}/paid?q=1`];
    const refusal = {
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("x402-assay.config.js is there already."),
    };
    expect(await run(ask, { cwd })).toEqual(refusal);
    expect(await run([...ask, "--file", "x402-assay.config.js"], { cwd })).toEqual(refusal);
    expect(await run([...ask, "--force"], { cwd })).toEqual(refusal);
    expect(await readFile(join(cwd, "x402-assay.config.js"), "utf8")).toBe("mine");
    expect(await run([...ask, "--file", "x402-assay.config.js", "--force"], { cwd })).toMatchObject({
      code: 0,
    });
    expect(await readFile(join(cwd, "x402-assay.config.js"), "utf8")).toContain("export default");
  });

  test("nobody to ask", async ({ expect }) => {
    const cwd = await home("nobody");
    expect(await run(["init"], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Give --url"),
    });
    expect(await run(["init", "--url", `${await nobody()}/x`], { cwd })).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^error: No HTTP answer from http:\S+\/x: connect ECONNREFUSED/),
    });
  });

  test("nothing costs money there", async ({ expect }) => {
    const cwd = await home("free");
    const origin = await httpServer((_request, response) => response.end("{}"));
    expect(await run(["init", "--url", `${origin}/x`], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /asks for a payment; it answered 200 itself\.\nGive --url a request that costs/,
      ),
    });
  });

  test.for([
    [
      "only in the body",
      {},
      /without an x402 challenge that can be read: a 402 without a PAYMENT-REQUIRED header\.\nThe challenge is in the body: x402 v2 has it/,
    ],
    [
      "in a header that is not base64",
      { "payment-required": "!!" },
      /can be read: the value has a character outside base64: "!"\.\nPAYMENT-REQUIRED cannot be read: .* Send a JSON object as standard base64\./,
    ],
  ] as const)("a challenge %s", async ([, headers, complaint], { expect }) => {
    const cwd = await home(`unreadable-${Object.keys(headers).length}`);
    const origin = await httpServer((_request, response) =>
      response
        .writeHead(402, headers)
        .end(JSON.stringify({ x402Version: 2, accepts: [{ network: "eip155:84532" }] })),
    );
    expect(await run(["init", "--url", `${origin}/x`], { cwd })).toEqual({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(complaint),
    });
  });

  test("a challenge that can be read, and is not as it should be", async ({ expect }) => {
    const cwd = await home("odd");
    const origin = await sellerOf({ network: "base-sepolia", amount: 1000 });
    expect(await run(["init", "--url", `${origin}/paid?q=1`], { cwd })).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(
        /^! Its challenge is not as it should be\. .*write "eip155:84532".* The amount is the number 1000: write it as a string/,
      ),
    });
  });

  test("a folder that is not there", async ({ expect }) => {
    const origin = await sellerOf({ network: "eip155:84532", amount: "1000" });
    const flags = ["--url", `${origin}/paid?q=1`, "--file", "nowhere/x402.ts"];
    expect(await run(["init", ...flags], { cwd: folder })).toEqual({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/^error: The configuration cannot be written: ENOENT.+\nGive --file/),
    });
  });

  test("a name that is not found by itself is named in what to do next", async ({ expect }) => {
    const cwd = await home("own-name");
    const origin = await sellerOf({ network: "eip155:84532", amount: "1000" });
    const { stdout } = await run(["init", "--url", `${origin}/paid?q=1`, "--file", "mine.ts"], { cwd });
    expect(stdout).toContain("npx x402-assay doctor --config mine.ts\n");
    expect(stdout).toContain("npx x402-assay conformance seller --config mine.ts\n");
  });

  test("a name that is none", async ({ expect }) => {
    const { code, stderr } = await run(["init", "--url", "http://127.0.0.1:1/", "--file", "x.yaml"], {
      cwd: folder,
    });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("x.yaml is no name for") });
  });
});
