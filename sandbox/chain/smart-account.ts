import { type Address, encodeDeployData, type Hex, isHex } from "viem";
import type { ChainReader } from "./connection.ts";
import { loadHardhat } from "./contracts.ts";

/**
 * The code of a smart account (contracts/SmartWallet.sol) for which `owner` signs by ERC-1271. An account that has it
 * is one, wherever it is.
 *
 * @example
 * await developerOf(rpcUrl).setCode({ address: account, bytecode: await smartAccountCode(chain, owner) });
 */
export async function smartAccountCode(chain: Pick<ChainReader, "call">, owner: Address): Promise<Hex> {
  const { artifacts } = await loadHardhat();
  const { abi, bytecode } = await artifacts.readArtifact("SmartWallet");
  if (!isHex(bytecode)) throw new Error("The artifact of SmartWallet has no bytecode.");
  // What a constructor returns is the code that it would deploy, with its immutables in place.
  const { data } = await chain.call({ data: encodeDeployData({ abi, bytecode, args: [owner] }) });
  if (data === undefined) throw new Error("The chain gave no code for SmartWallet.");
  return data;
}
