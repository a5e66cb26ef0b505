import type { Address, Hex, LocalAccount } from "viem";
import { type ChainDeveloper, type SandboxDescription, usdcAbi } from "#sandbox";
import { type Allowance, allowanceTypes } from "../oracles/permit2.ts";
import { same } from "./signing.ts";

/** An allowance that is good for a token, whoever sends it. */
export interface SignedAllowance {
  readonly token: Address;
  readonly allowance: Allowance;
  readonly signature: Hex;
}

/** What an allowance is to say, and how it is signed. */
export interface AllowanceTerms extends Pick<Allowance, "spender" | "value" | "deadline"> {
  /** The asset without it. */
  readonly token?: Address | undefined;
  /** Another allowance, signed as it is. */
  readonly change?: ((allowance: Allowance) => Allowance) | undefined;
  /** Who signs; the owner without it. */
  readonly signer?: LocalAccount | undefined;
}

/**
 * Signs what may be taken out of an account (EIP-2612), with the owner's next nonce.
 *
 * @throws what viem throws where the token does not tell its name, its version or the nonce
 */
export async function signAllowance(
  chain: ChainDeveloper,
  { asset, chainId }: Pick<SandboxDescription, "asset" | "chainId">,
  owner: LocalAccount,
  { token = asset, change = same, signer = owner, ...terms }: AllowanceTerms,
): Promise<SignedAllowance> {
  const contract = { address: token, abi: usdcAbi } as const;
  const [name, version, nonce] = await Promise.all([
    chain.readContract({ ...contract, functionName: "name" }),
    chain.readContract({ ...contract, functionName: "version" }),
    chain.readContract({ ...contract, functionName: "nonces", args: [owner.address] }),
  ]);
  const allowance = change({ owner: owner.address, nonce, ...terms });
  const signature = await signer.signTypedData({
    domain: { name, version, chainId, verifyingContract: token },
    types: allowanceTypes,
    primaryType: "Permit",
    message: { ...allowance },
  });
  return { token, allowance, signature };
}
