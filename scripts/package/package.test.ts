import { mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkPackage } from "@arethetypeswrong/core";
import { publint } from "publint";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { repository } from "./manifest-file.ts";
import { createConsumer } from "./testing/consumer.ts";
import { run, start } from "./testing/npm.ts";
import { type Packed, pack } from "./testing/packed.ts";

/** Packing and installing take half a minute of processor time, shared by all tests here. */
const slow = 600_000;
vi.setConfig({ testTimeout: slow, hookTimeout: slow });

/** Half as much again as today, in bytes, so that nothing large slips in unseen. */
const largest = { packed: 1_350_000, unpacked: 5_500_000 };

let folder: string;
let packed: Packed;
let consumer: string;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "x402-assay-package-")));
  packed = await pack(folder);
  consumer = await createConsumer(join(folder, "consumer"), packed.tarball);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test("the package holds what is compiled, artifacts and nothing else", () => {
  const files = filesInside();
  const entries = new Set(files.map((file) => file.split("/").slice(0, 2).join("/")));
  expect([...entries].sort()).toEqual([
    "LICENSE",
    "README.md",
    "artifacts/contracts",
    "dist/conformance",
    "dist/contracts",
    "dist/sandbox",
    "package.json",
  ]);
  expect(
    files.filter((file) => /\.test\.|\/(testing|peers)\/|(?<!\.d)\.ts$|\.sol$|\.map$/.test(file)),
  ).toEqual([]);
  expect(files.filter((file) => file.startsWith("dist/contracts/"))).toEqual([
    "dist/contracts/deployment.d.ts",
    "dist/contracts/deployment.js",
    "dist/contracts/index.d.ts",
    "dist/contracts/index.js",
  ]);
});

test("the package is small", () => {
  const unpacked = filesInside().reduce((sum, file) => sum + Buffer.byteLength(textOf(file)), 0);
  expect(packed.bytes.byteLength).toBeLessThan(largest.packed);
  expect(unpacked).toBeLessThan(largest.unpacked);
});

test("no file tells where it was made", () => {
  for (const file of filesInside()) {
    for (const place of [repository, packed.tree]) expect(textOf(file).includes(place), file).toBe(false);
  }
});

test("packing leaves package.json as it was", async () => {
  expect(await readFile(join(packed.tree, "package.json"), "utf8")).toBe(
    await readFile(join(repository, "package.json"), "utf8"),
  );
});

test("a folder is not published, its tarball is", async () => {
  const { code, stderr } = await run("npm", ["publish", "--dry-run"], packed.tree);
  expect(code).not.toBe(0);
  expect(stderr).toContain("Publish the tarball, not the folder");
});

test("every import is of a declared dependency", () => {
  const declared = z.record(z.string(), z.string());
  const { dependencies, peerDependencies } = z
    .object({ dependencies: declared, peerDependencies: declared })
    .parse(JSON.parse(textOf("package.json")));
  const imported = filesInside()
    .filter((file) => file.endsWith(".js"))
    .flatMap((file) => importsOf(textOf(file)));
  // The package names itself in the configuration that `init` writes.
  const names = ["x402-assay", ...Object.keys({ ...dependencies, ...peerDependencies })];
  expect([...new Set(imported)].filter((name) => !names.includes(name))).toEqual([]);
  expect(imported).toContain("viem");
});

test("publint finds nothing", async () => {
  const tarball = Uint8Array.from(packed.bytes).buffer;
  const { messages } = await publint({ pack: { tarball }, level: "suggestion", strict: true });
  expect(messages).toEqual([]);
});

test("are-the-types-wrong finds nothing, for ES modules", async () => {
  const result = await checkPackage(packed.contents);
  if (result.types === false) throw new Error("The package has no types.");
  // A bundler's, and Node's since import() and require() both load ES modules.
  const kinds = result.problems.filter(
    (problem) =>
      !("resolutionKind" in problem && problem.resolutionKind === "node10") &&
      problem.kind !== "CJSResolvesToESM",
  );
  expect(kinds).toEqual([]);
});

test("TypeScript knows every door", async () => {
  const tsc = join(repository, "node_modules/typescript/bin/tsc");
  expect(await run(process.execPath, [tsc, "--project", "."], consumer)).toEqual({
    code: 0,
    stdout: "",
    stderr: "",
  });
});

test("npx x402-assay sandbox", async () => {
  const ports = ["--port", "--rpc-port", "--facilitator-port", "--seller-port"].flatMap((flag) => [
    flag,
    "0",
  ]);
  const sandbox = start("npx", ["x402-assay", "sandbox", "--json", ...ports], consumer);
  try {
    const { sellerUrl } = z
      .object({ ready: z.literal(true), sellerUrl: z.url() })
      .parse(JSON.parse(await sandbox.firstLine));
    expect((await fetch(`${sellerUrl}/weather?city=Berlin`)).status).toBe(402);
    const bought = await run("npx", ["x402-assay", "pay", `${sellerUrl}/weather?city=Berlin`], consumer);
    expect(bought).toMatchObject({ code: 0, stdout: expect.stringContaining("Berlin") });
  } finally {
    await sandbox.interrupt();
  }
});

test("an Express seller is judged conformant", async () => {
  const { code, stdout } = await run("npx", ["x402-assay", "conformance", "seller"], consumer);
  expect(stdout).toContain("CONFORMANT  node server.js");
  expect({ code, verdict: /✗.*/.exec(stdout)?.[0] }).toEqual({ code: 0, verdict: undefined });
});

test("the same seller, giving its goods away, is not", async () => {
  const only = ["--only", "seller.replay.same-payment-twice", "--only", "seller.retry.*"];
  const report = ["--report", "html=report.html"];
  const { code, stdout } = await run(
    "npx",
    ["x402-assay", "conformance", "seller", ...only, ...report],
    consumer,
    {
      BROKEN: "yes",
    },
  );
  expect(stdout).toContain("NOT CONFORMANT  node server.js");
  expect(code).toBe(1);
  expect(await readFile(join(consumer, "report.html"), "utf8")).toContain(
    "seller.retry.settled-once-at-the-price",
  );
});

test("a Vitest file of the user's own is green, and tells why it skips", async () => {
  const { code, stdout } = await run("npx", ["vitest", "run", "--reporter=verbose"], consumer);
  expect(code, stdout).toBe(0);
  expect(stdout).toMatch(/✓ seller\.test\.js > x402 seller > seller\.replay\.same-payment-twice: A settled/);
  expect(stdout).toMatch(/✓ .*seller\.audit\.deliveries-equal-settlements/);
  expect(stdout).toMatch(/↓ .*handler-failure-is-not-charged.*\[.*a paid request whose handler fails/);
});

test("it is red for the broken seller, and shows what a run shows", async () => {
  const filter = ["-t", "seller.retry.settled-once-at-the-price"];
  const { code, stdout, stderr } = await run("npx", ["vitest", "run", ...filter], consumer, {
    BROKEN: "yes",
  });
  expect(code).toBe(1);
  for (const line of ["rule      S-", "expected  ", "actual    ", "exchange  "])
    expect(stderr).toContain(line);
  expect(stderr).toMatch(
    /repeat {4}X402_ASSAY_SEED=\w+ npx vitest run seller\.test\.js -t 'seller\.retry\.settled-once-at-the-price'/,
  );
  expect(stdout).toMatch(/Tests +1 failed \| \d+ skipped/);
});

test("the oldest Vitest that is named runs both, a user's own file and the command line", async () => {
  const older = await createConsumer(join(folder, "older"), packed.tarball, "vitest@3.2");
  const own = await run("npx", ["vitest", "run", "-t", "seller.retry.served"], older);
  expect(own).toMatchObject({ code: 0, stdout: expect.stringMatching(/v3\.2\.[\s\S]*Tests +1 passed/) });
  const only = ["--only", "seller.retry.served"];
  const judged = await run("npx", ["x402-assay", "conformance", "seller", ...only], older);
  expect(judged).toMatchObject({ code: 0, stdout: expect.stringContaining("CONFORMANT  node server.js") });
});

/** Paths inside of the package. */
function filesInside(): string[] {
  const root = "/node_modules/x402-assay/";
  return packed.contents
    .listFiles()
    .map((file) => file.slice(root.length))
    .sort();
}

function textOf(file: string): string {
  return packed.contents.readFile(`/node_modules/x402-assay/${file}`);
}

/** The packages that a module imports, statically or not. */
function importsOf(javascript: string): string[] {
  const code = javascript.replaceAll(/\/\*[\s\S]*?\*\//g, "");
  const specifiers = code.matchAll(/\b(?:from|import)\s*\(?\s*"([@a-z][\w@/.:-]*)"/g);
  return [...specifiers]
    .map(([, specifier = ""]) => specifier)
    .filter((specifier) => !specifier.startsWith("node:") && !builtinModules.includes(specifier))
    .map((specifier) =>
      specifier
        .split("/")
        .slice(0, specifier.startsWith("@") ? 2 : 1)
        .join("/"),
    );
}
