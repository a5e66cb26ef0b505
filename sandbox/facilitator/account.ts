import { setTimeout as sleep } from "node:timers/promises";
import { type Address, type Hash, keccak256, type LocalAccount } from "viem";
import type { ChainClient } from "./chain-connection.ts";
import { nodeRefusal } from "./contract-errors.ts";
import type { ContractCall } from "./eip3009.ts";
import { oneByOne, type Parcel } from "./parcel.ts";
import { openReceipts, type Receipts } from "./receipts.ts";
import type { SignedTransaction } from "./records.ts";

/**
 * Fees are fixed, so that no transaction has to ask for them: the cap lies above any base fee that a development
 * chain or a fork has, and what is paid is the base fee and a tip.
 */
const fees = { maxFeePerGas: 1_000_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n } as const;

/** What became of a transaction that was handed to the node. */
export type Sending =
  /** The node took it, or did not answer, so that it may have. */
  | { readonly sent: true; readonly transaction: SignedTransaction }
  /** The node refused it: it is nowhere. */
  | { readonly sent: false; readonly message: string };

/** The facilitator's own account, which pays the gas. */
export interface SettlementAccount {
  readonly address: Address;
  /** Signs and sends a call, perhaps with others in one transaction. `beforeSending` sees the signed transaction while nobody else knows it. */
  send(call: ContractCall, beforeSending: (transaction: SignedTransaction) => void): Promise<Sending>;
  /** Sends a signed transaction again if its turn is now; `false` when it can never be mined any more. */
  resend(transaction: SignedTransaction): Promise<boolean>;
  /**
   * Waits for a receipt. While one is overdue, what the chain lost and later transactions wait for is sent again; none
   * is waited for whose place another transaction has taken.
   */
  readonly receipt: Receipts;
}

/** What an account is opened with. */
export interface AccountOptions {
  readonly chainId: number;
  /** Decides which calls share a transaction. */
  readonly pack: (jobs: readonly Job[]) => readonly Parcel<Job>[];
  /** Longest that calls wait for the transactions before them to be mined, in milliseconds. */
  readonly patienceMs: number;
  /** How long a receipt is waited for, in milliseconds. */
  readonly settlementTimeoutMs: number;
}

/** Newest transactions that are kept to be sent again. */
const keptTransactions = 256;

/** What an empty transaction takes. */
const emptyGas = 21_000n;

/** A call that waits to be sent. */
export interface Job {
  readonly call: ContractCall;
  readonly beforeSending: (transaction: SignedTransaction) => void;
  resolve(sending: Sending): void;
  reject(error: unknown): void;
}

/**
 * Opens the account. Calls that wait are packed into transactions, which are sent together with consecutive nonces, so
 * that they can share a block; the next ones get theirs when these are mined, because a block costs a chain more than a
 * transfer does. After a refusal the count is read from the chain again, and a gap that would hold up later
 * transactions is closed. What the node refuses in one transaction is sent again one by one.
 */
export function openAccount(
  signer: LocalAccount,
  chain: ChainClient,
  { chainId, pack, patienceMs, settlementTimeoutMs: timeoutMs }: AccountOptions,
): SettlementAccount {
  const { address } = signer;
  const inTurn = oneAtATime();
  const minedCount = shared(() => inTurn(resendLost));
  const receipt = openReceipts(chain, { timeoutMs, whenOverdue: isReplaced });
  const sent = new Map<number, SignedTransaction>();
  let waiting: Job[] = [];
  let next: number | undefined;

  async function nextNonce(): Promise<number> {
    next ??= await chain.getTransactionCount({ address, blockTag: "pending" });
    return next;
  }

  async function sign(
    { call: { to, data }, gas }: Pick<Parcel<Job>, "call" | "gas">,
    nonce: number,
  ): Promise<SignedTransaction> {
    const raw = await signer.signTransaction({
      type: "eip1559",
      chainId,
      nonce,
      gas,
      ...fees,
      to,
      data,
    });
    return { hash: keccak256(raw), raw, accountNonce: nonce };
  }

  function signEmpty(nonce: number): Promise<SignedTransaction> {
    return sign({ call: { to: address, data: "0x" }, gas: emptyGas }, nonce);
  }

  async function hand(transaction: SignedTransaction): Promise<Sending> {
    keep(transaction);
    try {
      await chain.sendRawTransaction({ serializedTransaction: transaction.raw });
      return { sent: true, transaction };
    } catch (error) {
      const message = nodeRefusal(error);
      // Without an answer it may have arrived: its nonce is taken, and if it was lost, it is sent again.
      if (message === undefined || /already known|already imported/i.test(message))
        return { sent: true, transaction };
      next = undefined;
      sent.delete(transaction.accountNonce);
      return { sent: false, message };
    }
  }

  function keep(transaction: SignedTransaction): void {
    sent.set(transaction.accountNonce, transaction);
    sent.delete(transaction.accountNonce - keptTransactions);
  }

  /**
   * The chain's next nonce is one that was given away: what had it was lost, or still waits and is known. Gives how
   * many transactions were mined before.
   */
  async function resendLost(): Promise<number> {
    const due = await chain.getTransactionCount({ address, blockTag: "latest" });
    const lost = sent.get(due);
    if (lost !== undefined) await hand(lost);
    else if (next !== undefined && due < next) await hand(await signEmpty(due));
    return due;
  }

  /** Whether the nonce of a transaction was used, if not by itself then by another. */
  async function isReplaced(hash: Hash): Promise<boolean> {
    const count = await minedCount();
    return [...sent.values()].some((each) => each.hash === hash && each.accountNonce < count);
  }

  async function sendWaiting(): Promise<void> {
    const jobs = waiting;
    waiting = [];
    const refused = await sendParcels(pack(jobs), deservesAnother);
    if (refused.length > 0) await sendParcels(oneByOne(refused), () => false);
    const newest = next === undefined ? undefined : sent.get(next - 1);
    if (newest !== undefined)
      await Promise.race([receipt(newest.hash), sleep(patienceMs, undefined, { ref: false })]);
  }

  /** Sends parcels and tells their jobs how it went, but for those to be `retried`, whose jobs it returns. */
  async function sendParcels(
    parcels: readonly Parcel<Job>[],
    retried: (sending: Sending, parcel: Parcel<Job>) => boolean,
  ): Promise<readonly Job[]> {
    try {
      const first = await nextNonce();
      const transactions = await Promise.all(parcels.map((parcel, place) => sign(parcel, first + place)));
      next = first + parcels.length;
      for (const [place, transaction] of transactions.entries()) {
        for (const { beforeSending } of parcels[place]?.jobs ?? []) beforeSending(transaction);
      }
      const sendings = await Promise.all(transactions.map(hand));
      await closeGaps(first, sendings);
      return parcels.flatMap((parcel, place) => {
        const sending = sendings[place];
        if (sending === undefined || retried(sending, parcel)) return parcel.jobs;
        for (const { resolve } of parcel.jobs) resolve(sending);
        return [];
      });
    } catch (error) {
      next = undefined;
      for (const { reject } of parcels.flatMap(({ jobs }) => jobs)) reject(error);
      return [];
    }
  }

  /** A refused transaction in front of accepted ones would hold them up: an empty one takes its place. */
  async function closeGaps(first: number, sendings: readonly Sending[]): Promise<void> {
    const lastSent = sendings.findLastIndex(({ sent }) => sent);
    const gaps = sendings.flatMap((sending, place) =>
      !sending.sent && place < lastSent ? [first + place] : [],
    );
    const fillers = await Promise.all(gaps.map(signEmpty));
    await Promise.all(fillers.map(hand));
  }

  return {
    address,
    send: (call, beforeSending) =>
      new Promise((resolve, reject) => {
        waiting.push({ call, beforeSending, resolve, reject });
        if (waiting.length === 1) void inTurn(sendWaiting);
      }),
    resend: (transaction) =>
      inTurn(async () => {
        const { accountNonce } = transaction;
        const due = await chain.getTransactionCount({ address, blockTag: "pending" });
        if (due !== accountNonce) return false;
        // Others may wait behind its place.
        next = Math.max(next ?? 0, accountNonce + 1);
        return (await hand(transaction)).sent;
      }),
    receipt,
  };
}

/** A refusal may be due to others: somebody else has used the nonce, or something in the parcel is too much. */
function deservesAnother(sending: Sending, { jobs }: Parcel<Job>): boolean {
  return !sending.sent && (jobs.length > 1 || /nonce|underpriced/i.test(sending.message));
}

/** One run for all who ask while it lasts. */
function shared<T>(job: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= job().finally(() => {
      running = undefined;
    });
    return running;
  };
}

/** Runs jobs in the order in which they were given, each after the one before has ended. */
function oneAtATime() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(job: () => Promise<T>): Promise<T> => {
    const turn = last.then(job);
    last = turn.catch(() => undefined);
    return turn;
  };
}
