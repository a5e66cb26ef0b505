import { encodeFunctionData, type Hex } from "viem";
import { runtimeCode, usdcAbi } from "../chain/index.ts";
import type { StandingFault } from "./fault.ts";
import { mentions, sendsTransaction } from "./rpc-call.ts";

/** Ways for the token to misbehave. */
export const tokenFaults = {
  "token-paused": {
    place: "token",
    effect: "The token is paused: nobody can pay with it.",
    alone: true,
    bites: speaksOfToken,
    occupies: () => "pause",
    begin: async (_terms, chain) => {
      await chain.mustSend(chain.asset, encodeFunctionData({ abi: usdcAbi, functionName: "pause" }));
      return () => chain.mustSend(chain.asset, encodeFunctionData({ abi: usdcAbi, functionName: "unpause" }));
    },
  },
  "token-blacklists-payer": {
    place: "token",
    effect: "The token's issuer has frozen the payer, whom the order has to name.",
    needsPayer: true,
    bites: (call, { payer }, { asset }) =>
      payer !== undefined && mentions(call, asset) && mentions(call, payer),
    occupies: ({ payer }) => `blacklisting of ${payer}`,
    begin: async ({ payer }, chain) => {
      if (payer === undefined) throw new Error("There is nobody to blacklist.");
      const call = (functionName: "blacklist" | "unBlacklist") =>
        chain.mustSend(chain.asset, encodeFunctionData({ abi: usdcAbi, functionName, args: [payer] }));
      await call("blacklist");
      return () => call("unBlacklist");
    },
  },
  "token-returns-false": codeFault("No transfer moves anything or reverts; `transfer` returns false.", () =>
    runtimeCode("FailingSilentlyUSDC"),
  ),
  "token-takes-a-fee": codeFault("The payee of a transfer gets one per cent less than was sent.", () =>
    runtimeCode("FeeTakingUSDC"),
  ),
  "token-emits-no-event": codeFault("Transfers move money, and emit no Transfer event.", () =>
    runtimeCode("EventlessUSDC"),
  ),
  "token-forgets-nonces": codeFault("An authorization can be spent again and again.", () =>
    runtimeCode("ForgetfulUSDC"),
  ),
  "token-without-code": {
    ...codeFault("There is no contract at the token's address.", async () => "0x"),
    bites: speaksOfToken,
  },
} as const satisfies Record<string, StandingFault>;

/** Replaces the token's code and leaves its storage as it is, so that everybody keeps what they have. */
function codeFault(effect: string, code: () => Promise<Hex>) {
  return {
    place: "token",
    effect,
    alone: true,
    takes: ["asset"],
    // Only a transfer that is sent shows the difference.
    bites: (...meeting) => sendsTransaction(meeting[0]) && speaksOfToken(...meeting),
    occupies: ({ asset }, chain) => `code of ${(asset ?? chain.asset).toLowerCase()}`,
    begin: async ({ asset }, chain) => {
      const address = asset ?? chain.asset;
      const before = await chain.developer.getCode({ address });
      await chain.developer.setCode({ address, bytecode: await code() });
      return () => chain.developer.setCode({ address, bytecode: before ?? "0x" });
    },
  } as const satisfies StandingFault;
}

function speaksOfToken(...[call, { asset }, chain]: Parameters<StandingFault["bites"]>): boolean {
  return mentions(call, asset ?? chain.asset);
}
