import { statSync } from "node:fs";
import { glob } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { Address, Hex } from "viem";
import hardhatConfig from "../../hardhat.config.ts";

const projectRoot = resolve(import.meta.dirname, "../..");

/** Contracts of `contracts/` that the sandbox puts on its chain. */
const deployed = ["MockUSDC", "Multicall3"] as const;

/** What Hardhat deployed: the runtime code of each contract, to be placed at its canonical address. */
export interface DeployedCode {
  readonly mockUsdc: Hex;
  readonly multicall3: Hex;
}

/** Hardhat as `hardhat.config.ts` sets it up, found from here and not from the working directory. */
export function hardhat(): Promise<HardhatRuntimeEnvironment> {
  return createHardhatRuntimeEnvironment(
    hardhatConfig,
    { config: join(projectRoot, "hardhat.config.ts") },
    projectRoot,
  );
}

/** Compiles `contracts/` when an artifact is missing or older than the sources. */
export async function compileIfStale(hre: HardhatRuntimeEnvironment): Promise<void> {
  if (await artifactsAreFresh(hre)) return;
  await hre.tasks.getTask("build").run({ quiet: true });
}

async function artifactsAreFresh(hre: HardhatRuntimeEnvironment): Promise<boolean> {
  let oldestArtifact = Number.POSITIVE_INFINITY;
  for (const name of deployed) {
    if (!(await hre.artifacts.artifactExists(name))) return false;
    oldestArtifact = Math.min(oldestArtifact, statSync(await hre.artifacts.getArtifactPath(name)).mtimeMs);
  }
  for await (const source of glob("contracts/*.sol", { cwd: projectRoot })) {
    if (statSync(join(projectRoot, source)).mtimeMs > oldestArtifact) return false;
  }
  return true;
}

/** Deploys the contracts with Hardhat and reads back their runtime code. */
export async function deployWithHardhat(rpcUrl: string): Promise<DeployedCode> {
  const hre = await hardhat();
  await compileIfStale(hre);
  const connection = await hre.network.create({ network: "anvil", override: { url: rpcUrl } });
  try {
    const { viem } = connection;
    const client = await viem.getPublicClient();
    const runtimeCode = async (address: Address) => (await client.getCode({ address })) ?? "0x";
    const usdc = await viem.deployContract("MockUSDC");
    const multicall3 = await viem.deployContract("Multicall3");
    return { mockUsdc: await runtimeCode(usdc.address), multicall3: await runtimeCode(multicall3.address) };
  } finally {
    await connection.close();
  }
}
