import { formatEther, formatGwei, isAddress } from "viem";
import type { Ground } from "../ground.ts";
import type { Supported } from "./supported.ts";

/** More gas than a settlement takes, at a higher price than the node suggests. */
const ampleGas = 600_000n;

/**
 * Why a settlement may have failed that breaks no rule: an account that has settled cannot pay for it any more. Of those
 * that have sent nothing, nobody knows whether they ever settle.
 */
export async function doubtOfGas({
  signers,
  chain,
}: Pick<Supported, "signers"> & Pick<Ground, "chain">): Promise<string | undefined> {
  const price = await chain.getGasPrice();
  for (const address of (await signers()).filter((signer) => isAddress(signer))) {
    const [balance, sent] = await Promise.all([
      chain.getBalance({ address }),
      chain.getTransactionCount({ address }),
    ]);
    if (sent === 0 || balance >= price * ampleGas) continue;
    return `Nothing can be said: ${address}, from which the facilitator settles, has ${formatEther(balance)} ether left, too little for gas at ${formatGwei(price)} gwei. Give it more, or let it bid no more than the node suggests: where it is alone on a chain, that is what it bid last.`;
  }
  return undefined;
}
