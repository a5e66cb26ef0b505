import type { Hex } from "viem";
import { keyAccount } from "#sandbox";
import { Finding } from "../finding.ts";
import type { Merchant } from "./merchant.ts";
import type { ReplyCheck } from "./reply.ts";

/** What stands in stack traces and in the errors of a program's own, and in no verdict. */
const traces = ["node_modules", "privateKey", " at Object.", "at async ", "/src/"];

/** Nothing in the answer is of use to an attacker only: keys, files, stack traces, the address of the node. */
export function tellsNothing({ context }: Merchant): ReplyCheck {
  const { rpcUrl, faultyRpcUrl } = context.sandbox;
  const nodes = [rpcUrl, faultyRpcUrl].map((url) => new URL(url).host);
  return async ({ answer }) => {
    const all = `${answer.body}\n${JSON.stringify(answer.headers)}`;
    const leaked =
      traces.find((trace) => answer.body.includes(trace)) ?? nodes.find((node) => all.includes(node));
    if (leaked !== undefined)
      throw new Finding("The answer tells of internals.", `no ${leaked}`, all.slice(0, 300));
    // The key itself stands in no report.
    if (hasKeyOf(await context.signers(), all))
      throw new Finding("The answer tells a key.", "no key", "the key of an account that settles");
  };
}

/** Whether 32 bytes of a text are the key of one of these accounts, as other 32 bytes are not. */
function hasKeyOf(accounts: readonly string[], text: string): boolean {
  const found = text.match(/(?<![0-9a-fA-F])[0-9a-fA-F]{64}(?![0-9a-fA-F])/g) ?? [];
  return found.some((bytes) => accounts.includes(addressOf(`0x${bytes}`)));
}

/** Address of a key in lower case; nothing of what is no key. */
function addressOf(key: Hex): string {
  try {
    return keyAccount(key).address.toLowerCase();
  } catch {
    return "";
  }
}
