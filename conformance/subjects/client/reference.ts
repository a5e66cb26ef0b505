import type { Hex, LocalAccount } from "viem";
import { type ClientSteps, clientSteps, keyAccount, payingFetch } from "#sandbox";
import type { PayingFetchMaker } from "./module.ts";

/** The most that it pays for one request, in atomic units: 1 USDC. */
export const referenceLimit = 1_000_000n;

/** Deriving an account takes as long as signing does, and the zoo needs the same ones for each of its clients. */
const signers = new Map<Hex, LocalAccount>();

/** The reference client as `--module` would name it; with other steps, a mutant of it. */
export function referenceClient(steps: ClientSteps = clientSteps): PayingFetchMaker {
  return ({ privateKey }) => {
    const signer = signers.get(privateKey) ?? keyAccount(privateKey);
    signers.set(privateKey, signer);
    return payingFetch({ signer, maxAmount: referenceLimit }, steps);
  };
}

export default referenceClient();
