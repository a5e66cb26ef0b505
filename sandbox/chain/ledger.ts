import type { Address, Hash, Hex } from "viem";
import { type ChainReader, readerOf } from "./connection.ts";
import { latestBlock } from "./latest-block.ts";
import { usdcAbi } from "./token.ts";

/** A moment on the chain: the number of its latest block. */
export type LedgerPoint = bigint;

/** The blocks after `after`, up to and including `until` (the latest without it). */
export interface LedgerSpan {
  readonly after: LedgerPoint;
  readonly until?: LedgerPoint;
}

/** One account, or several of which any will do. */
type Accounts = Address | readonly Address[];

/** A `Transfer` of the asset. `value` in atomic units. */
export interface Transfer {
  readonly from: Address;
  readonly to: Address;
  readonly value: bigint;
  readonly transaction: Hash;
  readonly block: bigint;
}

/** An authorization that was spent on chain. */
export interface UsedAuthorization {
  readonly authorizer: Address;
  readonly nonce: Hex;
  readonly transaction: Hash;
  readonly block: bigint;
}

/** Reads what happened to one asset on one chain. Nothing here can change anything. */
export interface Ledger {
  /** The present moment. */
  now(): Promise<LedgerPoint>;
  /** Atomic units held by `account`, at `at` or now. */
  balanceOf(account: Address, at?: LedgerPoint): Promise<bigint>;
  /** Transfers of everybody, oldest first. */
  transfers(span: LedgerSpan): Promise<Transfer[]>;
  /** Transfers out of `from`, one account or several, oldest first. */
  transfersFrom(from: Accounts, span: LedgerSpan): Promise<Transfer[]>;
  /** Authorizations of `authorizer`, one account or several, that were spent, oldest first. */
  authorizationsUsedBy(authorizer: Accounts, span: LedgerSpan): Promise<UsedAuthorization[]>;
  /** Whether an authorization's nonce is spent or cancelled. */
  isNonceSpent(authorizer: Address, nonce: Hex): Promise<boolean>;
  /** How many transactions `account` has sent, at `at` or now. */
  transactionCount(account: Address, at?: LedgerPoint): Promise<number>;
}

/**
 * The ledger of `asset` on the chain at `rpcUrl`.
 *
 * @example
 * const before = await ledger.now();
 * await buy();
 * const spent = await ledger.transfersFrom(payer, { after: before });
 */
export function openLedger(rpcUrl: string, asset: Address): Ledger {
  const chain = readerOf(rpcUrl);
  return {
    now: () => latestBlock(chain),
    balanceOf: (account, at) => readBalance(chain, asset, account, at),
    transfers: (span) => readTransfers(chain, asset, {}, span),
    transfersFrom: (from, span) => readTransfers(chain, asset, { from }, span),
    authorizationsUsedBy: (authorizer, span) => readUsedAuthorizations(chain, asset, authorizer, span),
    isNonceSpent: (authorizer, nonce) =>
      chain.readContract({
        address: asset,
        abi: usdcAbi,
        functionName: "authorizationState",
        args: [authorizer, nonce],
      }),
    transactionCount: (address, at) =>
      chain.getTransactionCount(at === undefined ? { address } : { address, blockNumber: at }),
  };
}

function readBalance(
  chain: ChainReader,
  asset: Address,
  account: Address,
  at?: LedgerPoint,
): Promise<bigint> {
  return chain.readContract({
    address: asset,
    abi: usdcAbi,
    functionName: "balanceOf",
    args: [account],
    ...(at === undefined ? {} : { blockNumber: at }),
  });
}

async function readTransfers(
  chain: ChainReader,
  asset: Address,
  { from }: { readonly from?: Accounts },
  span: LedgerSpan,
) {
  const events = await chain.getContractEvents({
    address: asset,
    abi: usdcAbi,
    eventName: "Transfer",
    args: from === undefined ? {} : { from: anyOf(from) },
    strict: true,
    ...blockRange(span),
  });
  return events.filter(isAfter(span)).map((event) => ({
    from: event.args.from,
    to: event.args.to,
    value: event.args.value,
    transaction: event.transactionHash,
    block: event.blockNumber,
  }));
}

async function readUsedAuthorizations(
  chain: ChainReader,
  asset: Address,
  authorizer: Accounts,
  span: LedgerSpan,
) {
  const events = await chain.getContractEvents({
    address: asset,
    abi: usdcAbi,
    eventName: "AuthorizationUsed",
    args: { authorizer: anyOf(authorizer) },
    strict: true,
    ...blockRange(span),
  });
  return events.filter(isAfter(span)).map((event) => ({
    authorizer: event.args.authorizer,
    nonce: event.args.nonce,
    transaction: event.transactionHash,
    block: event.blockNumber,
  }));
}

/** In the form that viem takes. */
function anyOf(accounts: Accounts): Address | Address[] {
  return typeof accounts === "string" ? accounts : [...accounts];
}

/** Begins at the block before the span, since Anvil refuses a range that begins after the latest block. */
function blockRange({ after, until }: LedgerSpan) {
  return { fromBlock: after, toBlock: until ?? ("latest" as const) };
}

function isAfter({ after }: LedgerSpan) {
  return (event: { readonly blockNumber: bigint }) => event.blockNumber > after;
}
