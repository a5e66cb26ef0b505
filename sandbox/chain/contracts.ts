import { type Address, type Hex, isHex } from "viem";
import { canonicalAddresses, smartWalletCreationCode, transferBatchAddress } from "./assets.ts";
import type { ChainDeveloper } from "./connection.ts";

/** Hardhat with the contracts compiled. Loaded late: it takes a moment, and most who import the chain start none. */
export async function loadHardhat() {
  const { openContracts } = await import("../../contracts/index.ts");
  return openContracts();
}

/** Lets Hardhat deploy the contracts and puts their code where programs expect it; storage there stays as it is. */
export async function placeContracts(
  developer: ChainDeveloper,
  asset: Address,
  rpcUrl: string,
): Promise<void> {
  const hre = await loadHardhat();
  const connection = await hre.network.create({ network: "anvil", override: { url: rpcUrl } });
  const place = async (deployed: { readonly address: Address }, address: Address) => {
    const bytecode = await developer.getCode(deployed);
    await developer.setCode({ address, bytecode: bytecode ?? "0x" });
  };
  try {
    const { viem } = connection;
    await place(await viem.deployContract("MockUSDC"), asset);
    await place(await viem.deployContract("Multicall3"), canonicalAddresses.multicall3);
    const { bytecode } = await hre.artifacts.readArtifact("SmartWallet");
    if (isHex(bytecode)) await developer.setCode({ address: smartWalletCreationCode, bytecode });
    await developer.setCode({
      address: transferBatchAddress,
      bytecode: await runtimeCode("TransferBatch"),
    });
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
