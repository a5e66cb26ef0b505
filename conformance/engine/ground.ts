import {
  type ChainReader,
  type Ledger,
  openLedger,
  readerOf,
  type SandboxDescription,
  usdcAbi,
} from "#sandbox";
import { type AdminClient, openAdmin } from "./admin-client.ts";
import { OnChain } from "./on-chain.ts";
import { Purse } from "./purse.ts";
import type { RunBasics } from "./run-basics.ts";

/** A token's EIP-712 domain, as its contract tells it. */
export interface TokenDomain {
  readonly name: string;
  readonly version: string;
}

/** The sandbox that a run takes place in, whatever is judged. */
export interface Ground {
  readonly sandbox: SandboxDescription;
  readonly admin: AdminClient;
  readonly ledger: Ledger;
  readonly chain: ChainReader;
  /** What the suite itself does on the chain. */
  readonly onChain: OnChain;
  /** The domain that the token itself signs under, read from its contract. */
  readonly tokenDomain: TokenDomain;
  /** What the run may still sign for. */
  readonly purse: Purse;
}

/** Connects to the run's sandbox. */
export async function openGround({
  adminUrl,
  budget,
}: Pick<RunBasics, "adminUrl" | "budget">): Promise<Ground> {
  const admin = openAdmin(adminUrl);
  const sandbox = await admin.describe();
  const chain = readerOf(sandbox.rpcUrl);
  const token = { address: sandbox.asset, abi: usdcAbi } as const;
  const [name, version] = await Promise.all([
    chain.readContract({ ...token, functionName: "name" }),
    chain.readContract({ ...token, functionName: "version" }),
  ]);
  return {
    sandbox,
    admin,
    chain,
    ledger: openLedger(sandbox.rpcUrl, sandbox.asset),
    tokenDomain: { name, version },
    onChain: new OnChain(sandbox),
    purse: new Purse(budget),
  };
}
