import type { Hex, LocalAccount } from "viem";
import { type ClientSteps, clientSteps, keyAccount, payingFetch } from "#sandbox";
import type { PayingFetchMaker } from "./module.ts";

/** Deriving an account takes as long as signing does, and the zoo needs the same ones for each of its clients. */
const signers = new Map<Hex, LocalAccount>();

/** The reference client as `--module` would name it; with other steps, a mutant of it. */
export function referenceClient(steps: ClientSteps = clientSteps): PayingFetchMaker {
  return ({ privateKey }) => {
    const signer = signers.get(privateKey) ?? keyAccount(privateKey);
    signers.set(privateKey, signer);
    return payingFetch({ signer }, steps);
  };
}

export default referenceClient();
