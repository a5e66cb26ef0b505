import type { LocalAccount } from "viem";
import { keyAccount, payerKey } from "#sandbox";
import type { Shard } from "./report.ts";

/** An agent's name and the account that it pays from. */
export interface NamedPayer {
  readonly name: string;
  readonly account: LocalAccount;
}

/** The payers of one worker's agents, reproducible from the seed; no two workers of a load share any. */
export function loadPayers(seed: string, { index }: Shard, agents: number): NamedPayer[] {
  return Array.from({ length: agents }, (_, position) => {
    const name = `agent-${(index - 1) * agents + position + 1}`;
    return { name, account: keyAccount(payerKey(seed, `load ${name}`)) };
  });
}
