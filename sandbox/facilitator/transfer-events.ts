import { type Address, isAddressEqual, type Log, pad, type TransactionReceipt, toEventSelector } from "viem";
import { transferBatchAddress } from "../chain/index.ts";
import type { Payment } from "./payment.ts";
import { triedEvent } from "./transfer-batch.ts";

const transferTopic = toEventSelector(
  "event Transfer(address indexed from, address indexed to, uint256 value)",
);

const triedTopic = toEventSelector(triedEvent);

type Logs = readonly Pick<Log, "address" | "topics" | "data">[];

/** What a transaction did for one payment. */
export interface Share {
  /** Its transfer failed, alone or with all others. */
  readonly reverted: boolean;
  readonly logs: Logs;
}

/** The share of a payment in a transaction: all of it, or what stands before the mark that TransferBatch set for it. */
export function shareOf(
  { status, logs }: Pick<TransactionReceipt, "status" | "logs">,
  payment: Payment,
): Share {
  const reverted = { reverted: true, logs: [] };
  if (status === "reverted") return reverted;
  let begin = 0;
  for (const [place, log] of logs.entries()) {
    if (log.topics[0] !== triedTopic || !isAddressEqual(log.address, transferBatchAddress)) continue;
    if (isOf(log, payment)) return { reverted: BigInt(log.data) === 0n, logs: logs.slice(begin, place) };
    begin = place + 1;
  }
  return begin === 0 ? { reverted: false, logs } : reverted;
}

/** Whether the payment's asset says that it moved exactly what was paid. */
export function hasTransfer(logs: Logs, { asset, authorization: { from, to, value } }: Payment): boolean {
  return logs.some(
    ({ address, topics, data }) =>
      topics[0] === transferTopic &&
      topics[1] === topicOf(from) &&
      topics[2] === topicOf(to) &&
      isAddressEqual(address, asset) &&
      data !== "0x" &&
      BigInt(data) === value,
  );
}

function isOf({ topics }: Logs[number], { authorization: { from, nonce } }: Payment): boolean {
  return topics[1] === topicOf(from) && topics[2] === nonce.toLowerCase();
}

function topicOf(address: Address): string {
  return pad(address, { size: 32 }).toLowerCase();
}
