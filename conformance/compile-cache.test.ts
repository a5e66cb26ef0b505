import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { run } from "./cli/testing/command.ts";
import { compileCacheFolder } from "./compile-cache.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "compile-cache-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test("is a folder of the temporary one, new or there already", () => {
  vi.stubEnv("TMPDIR", folder);
  expect(compileCacheFolder("cache")).toBe(join(folder, "cache"));
  expect(compileCacheFolder("cache")).toBe(join(folder, "cache"));
});

test("is none where it cannot be made", () => {
  vi.stubEnv("TMPDIR", join(folder, "not-there"));
  expect(compileCacheFolder("cache")).toBeUndefined();
});

// Of all places, Node tries for ever in this one only.
test.runIf(process.platform === "linux")("commands work where TMPDIR is no place for files", async () => {
  expect(await run(["--version"], { env: { TMPDIR: "/proc" } })).toMatchObject({ code: 0, stderr: "" });
});
