import { privateKeyToAccount } from "viem/accounts";
import { type ClientSteps, clientSteps, payingFetch } from "#sandbox";
import type { PayingFetchMaker } from "./module.ts";

/** The reference client as `--module` would name it; with other steps, a mutant of it. */
export function referenceClient(steps: ClientSteps = clientSteps): PayingFetchMaker {
  return ({ privateKey }) => payingFetch({ signer: privateKeyToAccount(privateKey) }, steps);
}

export default referenceClient();
