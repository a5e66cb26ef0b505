import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");

/** A repository with one contract, which nobody has compiled yet. */
let copy: string;
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), "contracts-build-"));
  await mkdir(join(copy, "contracts"));
  const files = ["package.json", "package-lock.json", "hardhat.config.ts"];
  const contracts = ["build.ts", "deployment.ts", "Multicall3.sol"].map((name) => `contracts/${name}`);
  for (const file of [...files, ...contracts]) await copyFile(join(root, file), join(copy, file));
  await symlink(join(root, "node_modules"), join(copy, "node_modules"));
});
afterAll(() => rm(copy, { recursive: true }));

test("the first build says what takes its time, on stderr alone; the next has nothing to say", async () => {
  expect(await build()).toEqual({ stdout: "", stderr: expect.stringContaining("Compiling the contracts") });
  expect(await build()).toEqual({ stdout: "", stderr: "" });
});

function build(): Promise<{ stdout: string; stderr: string }> {
  const program = 'await (await import("./contracts/build.ts")).buildContracts();';
  return promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], { cwd: copy });
}
