import type { ContractCall } from "./eip3009.ts";
import { isBatchable, largestBatch, settleCall } from "./transfer-batch.ts";

/** More than any EIP-3009 transfer takes, the signature of a smart account included. What is not used is not paid. */
const gasEach = 300_000n;

/** What goes into one transaction: a job's call as it is, or the transfers of several. */
export interface Parcel<Job> {
  readonly jobs: readonly Job[];
  readonly call: ContractCall;
  readonly gas: bigint;
}

/** A parcel for each job. */
export function oneByOne<Job extends { readonly call: ContractCall }>(
  jobs: readonly Job[],
): readonly Parcel<Job>[] {
  return jobs.map((job) => ({ jobs: [job], call: job.call, gas: gasEach }));
}

/** As few parcels as possible: transfers of one token share one. */
export function together<Job extends { readonly call: ContractCall }>(
  jobs: readonly Job[],
): readonly Parcel<Job>[] {
  const byContract = Map.groupBy(jobs, ({ call }) => (isBatchable(call) ? call.to : undefined));
  return [...byContract].flatMap(([token, ofOne]) => {
    if (token === undefined || ofOne.length === 1) return oneByOne(ofOne);
    return chunks(ofOne, largestBatch).map((part) => ({
      jobs: part,
      call: settleCall(
        token,
        part.map(({ call }) => call.data),
      ),
      gas: gasEach * BigInt(part.length + 1),
    }));
  });
}

function chunks<Item>(items: readonly Item[], size: number): (readonly Item[])[] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, place) => items.slice(place * size, (place + 1) * size));
}
