import { type Address, getAddress } from "viem";
import { developerOf, minedReceipt, type SandboxDescription, usdcAbi } from "#sandbox";

/** Where the worthless token lives; nothing else does. */
const worthlessToken = getAddress("0x0000000000000000000000000000000000402402");

/** An account that Anvil has unlocked and that nobody else here sends from. */
const minter = getAddress("0xa0Ee7A142d267C1f36714E4a8F75612F20a79720");

const plenty = 1_000_000_000n;

/**
 * Puts a copy of the asset's code at an address of its own and mints `holder` plenty: what somebody could do on any
 * chain to pay with nothing.
 */
export async function giveWorthlessToken(sandbox: SandboxDescription, holder: Address): Promise<Address> {
  const chain = developerOf(sandbox.rpcUrl);
  const bytecode = await chain.getCode({ address: sandbox.asset });
  if (bytecode === undefined) throw new Error(`There is no code at ${sandbox.asset}, the sandbox's asset.`);
  await chain.setCode({ address: worthlessToken, bytecode });
  const hash = await chain.writeContract({
    account: minter,
    address: worthlessToken,
    abi: usdcAbi,
    functionName: "mint",
    args: [holder, plenty],
    chain: null,
  });
  await minedReceipt(chain, hash);
  return worthlessToken;
}
