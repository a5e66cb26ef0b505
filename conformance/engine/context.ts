import {
  type ChainReader,
  type Ledger,
  openLedger,
  readerOf,
  type SandboxDescription,
  usdcAbi,
} from "#sandbox";
import { sendOverWire } from "../oracles/wire/index.ts";
import type { ProtocolId } from "../requirements/index.ts";
import { type AdminClient, openAdmin } from "./admin-client.ts";
import { dialects } from "./dialect.ts";
import { OnChain } from "./on-chain.ts";
import { onWire } from "./request.ts";
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
  /** Whether the subject asks to be paid in a version; looked at once. */
  readonly offers: (protocol: ProtocolId) => Promise<boolean>;
  /** The first, honest purchase of the run in a version; made once, when it is first asked for. */
  readonly sale: (protocol: ProtocolId) => Promise<Sale>;
  /** The first sales that were asked for. */
  readonly salesSoFar: () => Promise<readonly Sale[]>;
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
  const sales = new Map<ProtocolId, Promise<Sale>>();
  const unpaid = once(() =>
    sendOverWire(onWire(setup.subject.origin, setup.subject.requests.paid), setup.timeoutMs),
  );
  const context: RunContext = {
    ...setup,
    sandbox,
    admin,
    chain,
    ledger: openLedger(sandbox.rpcUrl, sandbox.asset),
    tokenDomain: { name, version },
    onChain: new OnChain(sandbox),
    offers: async (protocol) => {
      const answer = await unpaid();
      return answer.kind === "answer" && dialects[protocol].isOffered(answer);
    },
    sale: (protocol) => {
      const sale = sales.get(protocol) ?? firstSale(context, dialects[protocol]);
      sales.set(protocol, sale);
      return sale;
    },
    salesSoFar: () => Promise.all(sales.values()),
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
