import { glob, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { MultiProcessMutex } from "@nomicfoundation/hardhat-utils/synchronization";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import config from "../hardhat.config.ts";

const projectRoot = resolve(import.meta.dirname, "..");

/** What a build depends on: the sources, the settings, and the versions of compiler and libraries. */
const inputs = ["contracts/**/*.sol", "hardhat.config.ts", "package-lock.json"];

/**
 * Hardhat with the contracts compiled, from source. Compiles only what changed (a few milliseconds if nothing did). Not
 * part of the published package.
 *
 * @throws HardhatError when a contract does not compile
 */
export async function buildContracts(): Promise<HardhatRuntimeEnvironment> {
  const hre = await createHardhatRuntimeEnvironment(
    config,
    { config: join(projectRoot, "hardhat.config.ts") },
    projectRoot,
  );
  await buildUnlessUpToDate(hre);
  return hre;
}

async function buildUnlessUpToDate(hre: HardhatRuntimeEnvironment): Promise<void> {
  if (await isUpToDate(hre)) return;
  // Hardhat moves its output from a fixed place: two builds at once take it from each other and crash.
  const lock = new MultiProcessMutex(join(hre.config.paths.cache, "contracts.lock"));
  await lock.use(async () => {
    if (await isUpToDate(hre)) return;
    console.error("Compiling the contracts. Only the first start has to: it takes some seconds.");
    await withoutStdout(() => hre.tasks.getTask("build").run({ quiet: true }));
    await writeFile(stampPath(hre), "");
  });
}

/** Even a quiet Hardhat prints an empty line, and stdout is the calling command's: its reader may expect one of JSON. */
async function withoutStdout(work: () => Promise<unknown>): Promise<void> {
  const { log } = console;
  console.log = console.error;
  try {
    await work();
  } finally {
    console.log = log;
  }
}

/** Hardhat needs about 0.4 s to find out that there is nothing to compile; file times need a few milliseconds. */
async function isUpToDate(hre: HardhatRuntimeEnvironment): Promise<boolean> {
  const built = await changedAt(stampPath(hre));
  if (built === undefined) return false;
  for await (const source of glob(inputs, { cwd: projectRoot })) {
    const changed = await changedAt(join(projectRoot, source));
    if (changed !== undefined && changed > built) return false;
  }
  return true;
}

/** Lies among the artifacts, so that it goes when they go. */
function stampPath(hre: HardhatRuntimeEnvironment): string {
  return join(hre.config.paths.artifacts, ".built");
}

async function changedAt(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.mtimeMs;
}
