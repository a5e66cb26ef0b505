import {
  type Address,
  decodeFunctionResult,
  encodeFunctionData,
  type Hex,
  parseAbi,
  zeroAddress,
} from "viem";
import { transferBatchAddress } from "../chain/index.ts";
import type { ChainClient } from "./chain-connection.ts";
import type { ContractCall } from "./eip3009.ts";

/** contracts/TransferBatch.sol: many transfers of one token, tried or made together. */
const transferBatchAbi = parseAbi([
  "struct Finding { uint256 balance; bool nonceUsed; address signer; bool accepted; }",
  "function settle(address token, bytes[] transfers)",
  "function examine(address token, bytes32[] hashes, bytes[] transfers) returns (uint256 time, Finding[] findings)",
]);

/** Stands after the logs of each transfer. */
export const triedEvent = "event Tried(address indexed payer, bytes32 indexed nonce, bool success)";

/** Most transfers in one transaction: with the gas that each may use, they stay below what any hardfork allows. */
export const largestBatch = 50;

/** Bytes of a transfer in its `v, r, s` form, the only one that can be batched. */
const transferSize = 4 + 9 * 32;

/** A transfer, and the hash that its payer should have signed. All of one batch are of one token. */
export interface Inquiry {
  readonly token: Address;
  readonly hash: Hex;
  readonly transfer: Hex;
}

/** Whether a chain has the contract. Those that this project did not start have not. */
export async function hasTransferBatch(chain: ChainClient): Promise<boolean> {
  return (await chain.getCode({ address: transferBatchAddress })) !== undefined;
}

/** Whether a call is a transfer that the contract can make. */
export function isBatchable({ data }: ContractCall): boolean {
  return data.length === 2 + transferSize * 2;
}

/** Makes transfers of one token; those that fail are left out. */
export function settleCall(token: Address, transfers: readonly Hex[]): ContractCall {
  const data = encodeFunctionData({
    abi: transferBatchAbi,
    functionName: "settle",
    args: [token, transfers],
  });
  return { to: transferBatchAddress, data };
}

/** What the contract finds of each transfer, in the block that would be mined now. */
export async function examineTransfers(chain: ChainClient, inquiries: readonly Inquiry[]) {
  const hashes = inquiries.map(({ hash }) => hash);
  const transfers = inquiries.map(({ transfer }) => transfer);
  const call = {
    abi: transferBatchAbi,
    functionName: "examine",
    args: [inquiries[0]?.token ?? zeroAddress, hashes, transfers],
  } as const;
  const { data = "0x" } = await chain.call({
    to: transferBatchAddress,
    data: encodeFunctionData(call),
    blockTag: "pending",
  });
  const [time, findings] = decodeFunctionResult({ ...call, data });
  return { time, findings };
}
