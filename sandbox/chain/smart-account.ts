import { type Address, concat, type Hex, padHex } from "viem";
import { smartWalletCreationCode } from "./assets.ts";
import type { ChainReader } from "./connection.ts";

/**
 * The code of a smart account (contracts/SmartWallet.sol) for which `owner` signs by ERC-1271. An account that has it
 * is one, wherever it is.
 *
 * @example
 * await developerOf(rpcUrl).setCode({ address: account, bytecode: await smartAccountCode(chain, owner) });
 */
export async function smartAccountCode(
  chain: Pick<ChainReader, "call" | "getCode">,
  owner: Address,
): Promise<Hex> {
  const creation = await chain.getCode({ address: smartWalletCreationCode });
  if (creation === undefined) throw new Error("The chain does not hold SmartWallet: no sandbox started it.");
  // What a constructor returns is the code that it would deploy, with its immutables in place.
  const { data } = await chain.call({ data: concat([creation, padHex(owner, { size: 32 })]) });
  if (data === undefined) throw new Error("The chain gave no code for SmartWallet.");
  return data;
}
