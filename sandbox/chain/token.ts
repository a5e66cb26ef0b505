import { type Address, parseAbi } from "viem";
import type { ChainDeveloper } from "./connection.ts";

/** The parts of MockUSDC that programs here call; Circle's USDC has all of them but `mint`. */
export const usdcAbi = parseAbi([
  "function name() view returns (string)",
  "function version() view returns (string)",
  "function balanceOf(address account) view returns (uint256)",
  "function authorizationState(address authorizer, bytes32 nonce) view returns (bool)",
  "function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, bytes signature)",
  "function cancelAuthorization(address authorizer, bytes32 nonce, bytes signature)",
  "function mint(address to, uint256 amount)",
  "function pause()",
  "function unpause()",
  "function blacklist(address account)",
  "function unBlacklist(address account)",
  "event Transfer(address indexed from, address indexed to, uint256 value)",
  "event AuthorizationUsed(address indexed authorizer, bytes32 indexed nonce)",
  "event AuthorizationCanceled(address indexed authorizer, bytes32 indexed nonce)",
]);

/** EIP-712 domain of the mock USDC. */
export const usdcDomain = { name: "USDC", version: "2" } as const;

/** Mints `amount` (atomic units, 6 decimals) to `to` and waits until it is mined. */
export async function mintUsdc(chain: ChainDeveloper, asset: Address, to: Address, amount: bigint): Promise<void> {
  const hash = await chain.writeContract({
    address: asset,
    abi: usdcAbi,
    functionName: "mint",
    args: [to, amount],
    chain: null,
  });
  await chain.waitForTransactionReceipt({ hash });
}
