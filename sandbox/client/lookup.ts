import type { Address, Hash, PublicClient, TransactionReceipt } from "viem";
import { getAddress, isAddress, isAddressEqual, parseAbi, parseEventLogs } from "viem/utils";
import { type Network, permit2Address, permitNoncePlace } from "../protocol/index.ts";
import type { PaymentReceipt } from "./receipt.ts";

/** Where the chain says a payment stands. */
export type Standing =
  /** Seen on chain. `transaction` is absent when another one than the seller named took the authorization. */
  | { readonly state: "confirmed"; readonly transaction?: Hash; readonly block?: bigint }
  /** Not seen: it may still be taken, or the chain could not be read. What the seller says is only a claim. */
  | { readonly state: "provisional"; readonly reason: string }
  /** It was never taken and never can be: its time is over on the chain's own clock. */
  | { readonly state: "void" };

/** RPC endpoints by network. */
export type RpcUrls = Readonly<Record<Network, string>>;

/** What EIP-3009 tokens tell about an authorization. */
const eip3009Abi = parseAbi([
  "function authorizationState(address authorizer, bytes32 nonce) view returns (bool)",
  "event AuthorizationUsed(address indexed authorizer, bytes32 indexed nonce)",
]);

/** What Permit2 tells about a nonce, one bit of a word that holds 256; of a transfer, only the token tells. */
const permit2Abi = parseAbi([
  "function nonceBitmap(address owner, uint256 wordPosition) view returns (uint256)",
  "event Transfer(address indexed from, address indexed to, uint256 value)",
]);

/**
 * Looks on the chain what became of a payment: by its nonce, never by what the seller says. Throws nothing: a chain
 * that cannot be read leaves the payment provisional.
 */
export async function lookup(receipt: PaymentReceipt, rpcUrls: RpcUrls): Promise<Standing> {
  const rpcUrl = rpcUrls[receipt.network];
  if (rpcUrl === undefined)
    return provisional(`no RPC endpoint is configured for ${receipt.network} (rpcUrls)`);
  if (!isAddress(receipt.asset, { strict: false })) return provisional("the asset is no address");
  try {
    return await readStanding(receipt, getAddress(receipt.asset), rpcUrl);
  } catch (error) {
    return provisional(
      `the chain could not be read: ${error instanceof Error ? firstLine(error) : "no answer"}`,
    );
  }
}

async function readStanding(receipt: PaymentReceipt, address: Address, rpcUrl: string): Promise<Standing> {
  // Loaded when somebody looks: it would make every start of the SDK a third slower.
  const { createPublicClient, http } = await import("viem");
  const chain = createPublicClient({ transport: http(rpcUrl, { retryCount: 1, timeout: 10_000 }) });
  const { transaction } = receipt;
  // The block comes first: an authorization that is unused at its end cannot have been used before.
  const block = await chain.getBlock({ blockTag: "latest" });
  if (!(await isUsed(receipt, address, chain))) {
    if (isOver(receipt, block.timestamp)) return { state: "void" };
    return provisional("the chain has not seen it");
  }
  const mined =
    transaction === undefined
      ? undefined
      : await chain.getTransactionReceipt({ hash: transaction }).catch(() => undefined);
  if (mined === undefined || !took(mined, address, receipt)) return { state: "confirmed" };
  return { state: "confirmed", transaction: mined.transactionHash, block: mined.blockNumber };
}

async function isUsed(
  { method, payer, nonce }: PaymentReceipt,
  asset: Address,
  chain: PublicClient,
): Promise<boolean> {
  if (method === "eip3009") {
    const args = [payer, nonce] as const;
    return chain.readContract({ address: asset, abi: eip3009Abi, functionName: "authorizationState", args });
  }
  const { word, bit } = permitNoncePlace(BigInt(nonce));
  const used = await chain.readContract({
    address: permit2Address,
    abi: permit2Abi,
    functionName: "nonceBitmap",
    args: [payer, word],
  });
  return (used & bit) !== 0n;
}

/** A permit is still good in the second of its deadline. */
function isOver({ method, validBefore }: PaymentReceipt, timestamp: bigint): boolean {
  return method === "eip3009" ? timestamp >= BigInt(validBefore) : timestamp > BigInt(validBefore);
}

function took(mined: TransactionReceipt, asset: Address, receipt: PaymentReceipt): boolean {
  const { method, payer, payTo, nonce } = receipt;
  const { logs } = mined;
  if (method === "eip3009") {
    return parseEventLogs({ abi: eip3009Abi, eventName: "AuthorizationUsed", logs }).some(
      ({ address, args }) =>
        isAddressEqual(address, asset) && isAddressEqual(args.authorizer, payer) && args.nonce === nonce,
    );
  }
  return parseEventLogs({ abi: permit2Abi, eventName: "Transfer", logs }).some(
    ({ address, args }) =>
      isAddressEqual(address, asset) &&
      isAddressEqual(args.from, payer) &&
      isAddressEqual(args.to, getAddress(payTo)),
  );
}

function provisional(reason: string): Standing {
  return { state: "provisional", reason };
}

function firstLine({ message }: Error): string {
  return message.split("\n", 1).join();
}
