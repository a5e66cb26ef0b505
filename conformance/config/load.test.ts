import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadConfig } from "./index.ts";

const url = "http://127.0.0.1:1/";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "config-"));
});
afterAll(() => rm(folder, { recursive: true }));

test.each([
  ["type.json", '{"seller": {"url": 5}}', "seller.url: expected string, received number"],
  ["url.json", '{"seller": {"url": "weather"}}', "seller.url: expected a URL such as"],
  [
    "field.json",
    `{"seller": {"url": "${url}", "strat": "x"}}`,
    "there is no setting seller.strat. Did you mean start?",
  ],
  ["top.json", '{"selller": {}}', "there is no setting selller. Did you mean seller?"],
  [
    "request.json",
    `{"seller": {"url": "${url}", "free": "/x"}}`,
    'seller.free: expected "METHOD /path [body]"',
  ],
  ["level.json", '{"level": "may"}', 'level: expected one of "must"|"should"|"all"'],
  [
    "headers.json",
    '{"seller": {"url": "http://x", "headers": {"a": 1}}}',
    'seller.headers.a: expected a text or { env: "NAME" }',
  ],
  ["budget.json", '{"budget": "2 USDC"}', 'budget: expected atomic units, e.g. "2000000" for 2 USDC'],
  ["protocol.json", '{"protocol": "x402"}', 'protocol: expected one of "x402@2"|"x402@1"'],
  ["timeout.json", '{"timeout": -1}', "timeout: "],
  [
    "report.json",
    '{"report": {"xml": "x"}}',
    "there is no setting report.xml. There may be json, junit, html, md",
  ],
  ["list.json", '{"only": "seller.*"}', "only: expected array, received string"],
  ["syntax.json", '{"seller": ', "Unexpected end of JSON input"],
  ["whole.json", "[]", "expected object, received array"],
  ["type.ts", "export default { seller: { url: 5 } };", "seller.url: expected string, received number"],
  ["field.ts", "export default { sede: 1 };", "there is no setting sede"],
  ["default.ts", "export const config = {};", "it has no `export default`"],
  ["throws.ts", 'throw new Error("no luck");', "no luck"],
])("a mistake in %s is named", async (name, contents, complaint) => {
  const path = await file(name, contents);
  await expect(loadConfig(path)).rejects.toMatchObject({
    code: "config",
    message: expect.stringContaining(`${path}: ${complaint}`),
  });
});

test("a file that never finishes loading is let go of", async () => {
  const path = await file("waits.mjs", "await new Promise(() => {}); export default {};");
  await expect(loadConfig(path, { patienceMs: 50 })).rejects.toMatchObject({
    code: "config",
    message: `${path}: it is not loaded after 0.05 s. Does it wait for something at its top level?`,
  });
  const controller = new AbortController();
  const loading = loadConfig(path, { signal: controller.signal });
  controller.abort(new Error("Ctrl-C"));
  await expect(loading).rejects.toThrow("Ctrl-C");
});

test("a file that is not there is named", async () => {
  await expect(loadConfig("nowhere.ts")).rejects.toMatchObject({
    code: "config",
    message: "There is no config file nowhere.ts.",
  });
});

test("a budget may be a bigint", async () => {
  const path = await file("bigint.mts", "export default { budget: 2_000_000n };");
  expect(await loadConfig(path)).toEqual({ budget: "2000000" });
});

test("without a file there is no configuration", async () => {
  expect(await loadConfig()).toEqual({});
});

const everything = {
  seller: {
    url: "http://127.0.0.1:{port}/weather",
    start: "node server.js",
    ready: "http://127.0.0.1:{port}/health",
    readyTimeout: 5_000,
    method: "POST",
    data: "{}",
    invalid: "GET /weather",
    free: "GET /health",
    failing: ['POST /flaky {"fail":true}', "GET /broken"],
    alsoPaid: "GET /premium",
    headers: { accept: "text/plain", "x-api-key": { env: "API_KEY", prefix: "v1 " } },
  },
  client: { command: "node agent.js {url}" },
  facilitator: { url: "http://127.0.0.1:{port}", headers: { "x-api-key": { env: "API_KEY" } } },
  protocol: "x402@1",
  set: "x402@1",
  budget: "2000000",
  sandbox: "http://127.0.0.1:4020",
  only: ["seller.*"],
  skip: ["seller.replay.*"],
  level: "must",
  seed: "7f3a",
  workers: 2,
  timeout: 1_000,
};

test.each([
  ["all.json", JSON.stringify({ ...everything, report: { json: "out.json" } })],
  [
    "all.ts",
    `const config: object = ${JSON.stringify({ ...everything, report: { json: "out.json" } })}; export default config;`,
  ],
])("%s says everything that can be said", async (name, contents) => {
  expect(await loadConfig(await file(name, contents))).toEqual({
    ...everything,
    report: [{ format: "json", file: "out.json" }],
  });
});

async function file(name: string, contents: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, contents);
  return path;
}
