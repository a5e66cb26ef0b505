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
import type { RunSetup } from "./run-setup.ts";
import { firstSale, type Sale } from "./sale.ts";

/** A token's EIP-712 domain, as its contract tells it. */
export interface TokenDomain {
  readonly name: string;
  readonly version: string;
}

/** What the cases of one run share. */
export interface RunContext extends RunSetup {
  readonly sandbox: SandboxDescription;
  readonly admin: AdminClient;
  readonly ledger: Ledger;
  readonly chain: ChainReader;
  /** What the suite itself does on the chain. */
  readonly onChain: OnChain;
  /** The domain that the token itself signs under, read from its contract. */
  readonly tokenDomain: TokenDomain;
  /** The first, honest purchase of the run; made once, when it is first asked for. */
  readonly sale: () => Promise<Sale>;
}

/** Connects to the run's sandbox. */
export async function openContext(setup: RunSetup): Promise<RunContext> {
  const admin = openAdmin(setup.adminUrl);
  const sandbox = await admin.describe();
  const chain = readerOf(sandbox.rpcUrl);
  const token = { address: sandbox.asset, abi: usdcAbi } as const;
  const [name, version] = await Promise.all([
    chain.readContract({ ...token, functionName: "name" }),
    chain.readContract({ ...token, functionName: "version" }),
  ]);
  const context: RunContext = {
    ...setup,
    sandbox,
    admin,
    chain,
    ledger: openLedger(sandbox.rpcUrl, sandbox.asset),
    tokenDomain: { name, version },
    onChain: new OnChain(sandbox),
    sale: once(() => firstSale(context)),
  };
  return context;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
