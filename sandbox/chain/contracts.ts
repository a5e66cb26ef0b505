import type { Address, Hex } from "viem";

/** What Hardhat deployed: the runtime code of each contract, to be placed at its canonical address. */
export interface DeployedCode {
  readonly mockUsdc: Hex;
  readonly multicall3: Hex;
}

/** Deploys the contracts with Hardhat, compiling them first if need be, and reads back their runtime code. */
export async function deployWithHardhat(rpcUrl: string): Promise<DeployedCode> {
  // Loaded late: Hardhat takes a tenth of a second to load, and most who import the chain start none.
  const { buildContracts } = await import("../../contracts/index.ts");
  const hre = await buildContracts();
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
