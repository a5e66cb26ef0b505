import { existsSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { withWritableHome } from "./writable-home.ts";

afterEach(() => vi.unstubAllEnvs());

/** As Vitest 5 says it where nobody may write into the home folder, as in many containers. */
const complaint = "Failed to create Vitest API token at /nowhere/vitest/.vitest-secret-token";
const dataFolders = () => [process.env.XDG_DATA_HOME, process.env.HOME, process.env.LOCALAPPDATA];

test("a home that cannot be written is replaced until Vitest runs, and no longer", async () => {
  vi.stubEnv("XDG_DATA_HOME", "/nowhere");
  const before = dataFolders();
  const { promise: started, resolve: begin } = Promise.withResolvers<void>();
  const seen: (string | undefined)[][] = [];
  const start = async () => {
    seen.push(dataFolders());
    if (seen.length === 1) throw new Error(complaint);
    const replaced = dataFolders().filter((folder, index) => folder !== before[index]);
    expect(replaced.map((folder) => existsSync(String(folder)))).toEqual([true]);
    begin();
    await started;
    expect(dataFolders()).toEqual(before);
    return replaced[0];
  };
  const folder = await withWritableHome(start, started);
  expect(seen).toHaveLength(2);
  expect(existsSync(String(folder))).toBe(false);
});

test("any other failure is told as it is, at once", async () => {
  const start = vi.fn(() => Promise.reject(new Error("no luck")));
  await expect(withWritableHome(start, Promise.resolve())).rejects.toThrow("no luck");
  expect(start).toHaveBeenCalledTimes(1);
});
