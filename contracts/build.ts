import { glob, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { MultiProcessMutex } from "@nomicfoundation/hardhat-utils/synchronization";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import config from "../hardhat.config.ts";

const projectRoot = resolve(import.meta.dirname, "..");

/** What a build depends on: the sources, the settings, and the versions of compiler and libraries. */
const inputs = ["contracts/**/*.sol", "hardhat.config.ts", "package-lock.json"];

let loading: Promise<HardhatRuntimeEnvironment> | undefined;
let building: Promise<void> | undefined;

/**
 * Hardhat with every contract of this folder compiled: read artifacts from it and deploy with it.
 *
 * Compiles only what changed (a few milliseconds if nothing did) and may be called by any number of
 * processes at once. Works from any directory: the configuration is this project's, not the caller's.
 *
 * @throws HardhatError when a contract does not compile
 */
export async function buildContracts(): Promise<HardhatRuntimeEnvironment> {
  loading ??= createHardhatRuntimeEnvironment(
    config,
    { config: join(projectRoot, "hardhat.config.ts") },
    projectRoot,
  );
  const hre = await loading;
  building ??= buildUnlessUpToDate(hre);
  await building;
  return hre;
}

async function buildUnlessUpToDate(hre: HardhatRuntimeEnvironment): Promise<void> {
  if (await isUpToDate(hre)) return;
  // Hardhat moves its output from a fixed place: two builds at once take it from each other and crash.
  const lock = new MultiProcessMutex(join(hre.config.paths.cache, "contracts.lock"));
  await lock.use(async () => {
    if (await isUpToDate(hre)) return;
    await hre.tasks.getTask("build").run({ quiet: true });
    await writeFile(stampPath(hre), "");
  });
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
