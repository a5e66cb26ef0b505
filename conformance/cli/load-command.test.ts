import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import { type Sandbox, startSandbox } from "#sandbox";
import { loadReportSchema } from "../load/index.ts";
import { run, start } from "./testing/command.ts";
import { httpServer, nobody } from "./testing/servers.ts";

let folder: string;
let sandbox: Sandbox;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "load-command-"));
  sandbox = await startSandbox();
});
afterAll(async () => {
  await sandbox.stop();
  await rm(folder, { recursive: true });
});

/** A short load in the sandbox of this file. */
const load = (...args: string[]) =>
  run([
    "load",
    "--sandbox",
    sandbox.description.adminUrl,
    "--duration",
    "300ms",
    "--concurrency",
    "2",
    ...args,
  ]);

const reportIn = (stdout: string) => loadReportSchema.parse(JSON.parse(stdout));

test("says what it bought, how long each step took, and that the books balance", async ({ expect }) => {
  const { code, stdout } = await load(`${sandbox.description.sellerUrl}/weather?city=Rome`, "--seed", "abc");
  expect(code).toBe(0);
  expect(stdout).toMatch(/8 agents, 2 at once, seed abc/);
  expect(stdout).toMatch(/^paid answer +\d/m);
  expect(stdout).toMatch(/^delivered +\d+$/m);
  expect(stdout).toMatch(/\nBALANCED\n$/);
});

test("workers print one line each, and merge adds them up", async ({ expect }) => {
  const workers = await Promise.all(
    ["1/2", "2/2"].map((shard) => load("--seed", "same", "--shard", shard, "--json", "--quiet")),
  );
  const [one, other] = workers.map(({ stdout }) => reportIn(stdout));
  const file = join(folder, "all.jsonl");
  await writeFile(file, workers.map(({ stdout }) => stdout).join(""));
  const { code, stdout } = await run(["load", "merge", file, "--json"]);
  const merged = reportIn(stdout);
  expect(code).toBe(0);
  expect(merged.shards).toEqual({ present: [1, 2], missing: [], count: 2 });
  expect(merged.begun).toBe((one?.begun ?? 0) + (other?.begun ?? 0));
  expect(merged.audit?.deliveries).toBe(merged.begun);

  await writeFile(file, workers[1]?.stdout ?? "");
  const incomplete = await run(["load", "merge", file]);
  expect(incomplete.stdout).toContain("INCOMPLETE: results of workers 1 are missing");
  expect(incomplete.code).toBe(3);
});

test("Ctrl-C in a terminal ends its own sandbox only after the books are closed", async ({ expect }) => {
  const { promise: sold, resolve: onSale } = Promise.withResolvers<void>();
  const observer = await httpServer((_request, response) => {
    onSale();
    response.end();
  });
  const seller = resolve(import.meta.dirname, "../peers/express-seller.ts");
  const command = start([
    ...[
      "load",
      "http://127.0.0.1:{port}/weather?city=Berlin",
      "--duration",
      "10m",
      "--concurrency",
      "2",
      "--json",
    ],
    ...["--start", `WORK_URL=${observer} '${process.execPath}' '${seller}'`],
  ]);
  await sold;
  command.signal("SIGINT", "terminal");
  const { code, stdout, stderr } = await command.ended;
  expect(reportIn(stdout)).toMatchObject({ interrupted: true, audit: { differences: [] } });
  expect({ code, stderr }).toEqual({ code: 130, stderr: "" });
});

describe.concurrent("wrong usage", () => {
  test.for([
    [["weather"], "'weather' is invalid for argument 'url'. Expected a URL"],
    [["--duration", "10"], "Expected a time with its unit, such as 500ms, 10s or 5m, up to 24h."],
    [["--duration", "25h"], "Expected a time with its unit"],
    [["--rate", "0"], "Expected a number per second, more than 0."],
    [["--concurrency", "0"], "Expected a whole number from 1."],
    [["--shard", "3/2"], "Expected I/N with I from 1 to N"],
    [["--header", "novalue"], 'Expected "Name: value".'],
    [["http://127.0.0.1:{port}/"], "http://127.0.0.1:{port}/ has {port} in it"],
    [["--seed", ""], "Expected a seed; this one is empty."],
    [["--start", "node seller.js"], "A seller is started, but nothing says what it sells."],
    [["merge"], "missing required argument 'file'"],
    [["merge", "/no/such/file"], "/no/such/file cannot be read: ENOENT"],
  ] as const)("%j", async ([args, complaint], { expect }) => {
    const { code, stdout, stderr } = await run(["load", ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(complaint);
  });
});

test("a sandbox or a seller that nobody runs", async ({ expect }) => {
  const origin = await nobody();
  expect(await run(["load", "--sandbox", origin])).toMatchObject({
    code: 3,
    stderr: expect.stringContaining(`No sandbox answers at ${origin}.`),
  });
  expect(await run(["load", `${origin}/weather`, "--unpaid"])).toMatchObject({
    code: 3,
    stderr: expect.stringContaining(`${origin}/weather does not answer`),
  });
});
