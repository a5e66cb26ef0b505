import { privateKeyToAccount } from "viem/accounts";
import { type ClientSteps, clientSteps, pay } from "#sandbox";
import type { PayingFetchMaker } from "./module.ts";

/** The reference client as `--module` would name it; with other steps, a mutant of it. */
export function referenceClient(steps: ClientSteps = clientSteps): PayingFetchMaker {
  return ({ privateKey }) => {
    const signer = privateKeyToAccount(privateKey);
    return async (url, { method, headers, body, signal } = {}) => {
      const outcome = await pay(
        { url, method, headers: new Headers(headers), body },
        { signer, signal: signal ?? undefined },
        steps,
      );
      if (outcome.kind === "dry-run") throw new Error("Nobody asked for a dry run.");
      return outcome.response;
    };
  };
}

export default referenceClient();
