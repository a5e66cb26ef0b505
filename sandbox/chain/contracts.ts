import { type Address, createWalletClient, custom, type Hex, isHex } from "viem";
import { deployerAddress } from "./accounts.ts";
import { canonicalAddresses, smartWalletCreationCode, transferBatchAddress } from "./assets.ts";
import type { ChainDeveloper } from "./connection.ts";
import { minedReceipt } from "./mined.ts";

/** Hardhat with the contracts compiled. Loaded late: it takes a moment, and most who import the chain start none. */
export async function loadHardhat() {
  const { openContracts } = await import("../../contracts/index.ts");
  return openContracts();
}

/** Lets Hardhat deploy the token and puts the contracts' code where programs expect it; storage there stays as it is. */
export async function placeContracts(
  developer: ChainDeveloper,
  asset: Address,
  rpcUrl: string,
): Promise<void> {
  const hre = await loadHardhat();
  const code = await developer.getCode({ address: await deploy("MockUSDC", developer, rpcUrl) });
  await developer.setCode({ address: asset, bytecode: code ?? "0x" });
  const { bytecode } = await hre.artifacts.readArtifact("SmartWallet");
  if (isHex(bytecode)) await developer.setCode({ address: smartWalletCreationCode, bytecode });
  for (const [contract, address] of [
    ["Multicall3", canonicalAddresses.multicall3],
    ["TransferBatch", transferBatchAddress],
  ] as const)
    await developer.setCode({ address, bytecode: await runtimeCode(contract) });
  for (const [contract, address] of [
    ["MockPermit2", canonicalAddresses.permit2],
    ["X402ExactPermit2Proxy", canonicalAddresses.exactPermit2Proxy],
    ["X402UptoPermit2Proxy", canonicalAddresses.uptoPermit2Proxy],
  ] as const) {
    // A fork has the real ones, which others rely on, too.
    if ((await developer.getCode({ address })) === undefined)
      await developer.setCode({ address, bytecode: await runtimeCode(contract) });
  }
}

/** Deploys a contract without constructor arguments over Hardhat's connection; its address. */
async function deploy(contract: string, developer: ChainDeveloper, rpcUrl: string): Promise<Address> {
  const hre = await loadHardhat();
  const { bytecode } = await hre.artifacts.readArtifact(contract);
  if (!isHex(bytecode)) throw new Error(`The code of ${contract} is not linked.`);
  const connection = await hre.network.create({ network: "anvil", override: { url: rpcUrl } });
  try {
    const wallet = createWalletClient({ account: deployerAddress, transport: custom(connection.provider) });
    const hash = await wallet.deployContract({ abi: [], bytecode, chain: null });
    const { contractAddress } = await minedReceipt(developer, hash);
    if (contractAddress) return contractAddress;
    throw new Error(`The deployment of ${contract} failed in ${hash}.`);
  } finally {
    await connection.close();
  }
}

/**
 * The code that a deployed contract has; for contracts without constructor and immutables, to be set at any address.
 *
 * @param contract its name, e.g. `MockUSDC`
 */
export async function runtimeCode(contract: string): Promise<Hex> {
  const hre = await loadHardhat();
  const { deployedBytecode } = await hre.artifacts.readArtifact(contract);
  if (!isHex(deployedBytecode)) throw new Error(`The code of ${contract} is not linked.`);
  return deployedBytecode;
}
