import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { deployment } from "./deployment.ts";

let opening: Promise<HardhatRuntimeEnvironment> | undefined;

/**
 * Hardhat with every contract of this folder compiled: read artifacts from it and deploy with it.
 *
 * In the repository it compiles what changed. The published package has no Solidity but the artifacts, which Hardhat
 * finds in `artifacts/` at the root of either. Works from any directory, and in any number of processes at once.
 *
 * @throws HardhatError when a contract does not compile
 */
export function openContracts(): Promise<HardhatRuntimeEnvironment> {
  opening ??= existsSync(join(import.meta.dirname, "MockUSDC.sol")) ? build() : open();
  return opening;
}

async function build(): Promise<HardhatRuntimeEnvironment> {
  const { buildContracts } = await import("./build.ts");
  return buildContracts();
}

function open(): Promise<HardhatRuntimeEnvironment> {
  // Hardhat goes up from here to the package.json.
  return createHardhatRuntimeEnvironment(deployment, {}, resolve(import.meta.dirname, ".."));
}
