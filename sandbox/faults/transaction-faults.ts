import {
  type Address,
  formatTransactionRequest,
  type Hex,
  isHex,
  keccak256,
  parseTransaction,
  recoverTransactionAddress,
} from "viem";
import { z } from "zod";
import { latestBlock, minedReceipt } from "../chain/index.ts";
import type { RpcBite, RpcFault } from "./fault.ts";
import type { FaultedChain } from "./faulted-chain.ts";
import { type RpcCall, type RpcOutcome, rawTransactionIn, sendsTransaction } from "./rpc-call.ts";
import type { SignedTransfer } from "./signed-transfer.ts";
import { signedTransfersIn } from "./signed-transfers.ts";
import { markAllSpent } from "./spent-marks.ts";

/** What can become of a facilitator's transaction between its being sent and its being final. */
export const transactionFaults = {
  "transaction-dropped": {
    place: "chain",
    effect: "The node takes the facilitator's transaction, and forgets it.",
    bites: sendsTransaction,
    act: onTransaction(async (raw) => accepted(raw)),
  },
  "transaction-replaced": {
    place: "chain",
    effect: "An empty transaction with the same account nonce takes the place of the facilitator's.",
    bites: sendsTransaction,
    act: onTransaction(async (raw, { chain }) => {
      await sendEmptyInPlaceOf(raw, chain);
      return accepted(raw);
    }),
  },
  "transaction-reverts": {
    place: "chain",
    effect: "The transfer can be simulated, but reverts when it is mined, and moves nothing.",
    bites: sendsTransaction,
    act: onTransfers(async (transfers, { chain, forward }, raw) => {
      const undo = await markAllSpent(transfers, chain);
      try {
        const reply = await forward();
        if (reply.error === undefined) await minedReceipt(chain.developer, keccak256(raw));
        return { kind: "reply", reply };
      } finally {
        await undo();
      }
    }),
  },
  "authorization-front-run": {
    place: "chain",
    effect:
      "Somebody else spends the authorization or permit just before the facilitator's transaction: the payee is paid, and the transaction reverts. Nobody can with a permit of upto.",
    bites: sendsTransaction,
    act: onTransfers(async (transfers, { chain, forward }) => {
      const calls = transfers.flatMap(({ call = [] }) => call);
      for (const { to, data } of calls) await chain.send(to, data);
      return { kind: calls.length === 0 ? "spared" : "reply", reply: await forward() };
    }),
  },
  "authorization-cancelled": {
    place: "chain",
    effect:
      "The authorization or permit is cancelled just before the facilitator's transaction, which reverts and moves nothing.",
    bites: sendsTransaction,
    act: onTransfers(async (transfers, { chain, forward }) => {
      await markAllSpent(transfers, chain);
      return { kind: "reply", reply: await forward() };
    }),
  },
  "transaction-reorganized-away": {
    place: "chain",
    effect:
      "Once the facilitator has seen the receipt, the blocks since are replaced, and the transaction with them.",
    alone: true,
    bites: ({ method }) => method === "eth_getTransactionReceipt",
    act: async (_call, { chain, forward }) => {
      const reply = await forward();
      const mined = minedSchema.safeParse(reply.result);
      if (!mined.success) return { kind: "spared", reply };
      const latest = await latestBlock(chain.developer);
      await chain.ask("anvil_rollback", [Number(latest - mined.data.blockNumber) + 1]);
      return { kind: "reply", reply };
    },
  },
} as const satisfies Record<string, RpcFault>;

const minedSchema = z.looseObject({
  blockNumber: z
    .string()
    .refine((text) => isHex(text))
    .transform((text) => BigInt(text)),
});

function onTransaction(act: (raw: Hex, bite: RpcBite) => Promise<RpcOutcome>) {
  return async (call: RpcCall, bite: RpcBite): Promise<RpcOutcome> => {
    const raw = rawTransactionIn(call);
    return raw === undefined ? { kind: "spared", reply: await bite.forward() } : act(raw, bite);
  };
}

/** On a transaction that makes no transfer known here, nothing is tried. */
function onTransfers(
  act: (transfers: readonly SignedTransfer[], bite: RpcBite, raw: Hex) => Promise<RpcOutcome>,
) {
  return onTransaction(async (raw, bite) => {
    const { chain, terms, forward } = bite;
    const transfers = signedTransfersIn(raw, chain.asset, terms.payer);
    return transfers.length === 0 ? { kind: "spared", reply: await forward() } : act(transfers, bite, raw);
  });
}

/** What a node says that has taken a transaction. */
function accepted(raw: Hex): RpcOutcome {
  return { kind: "reply", reply: { result: keccak256(raw) } };
}

async function sendEmptyInPlaceOf(raw: Hex, { developer, ask }: FaultedChain): Promise<void> {
  const { nonce = 0, maxFeePerGas, maxPriorityFeePerGas, gasPrice } = parseTransaction(raw);
  const address = await senderOf(raw);
  const fees = gasPrice === undefined ? { maxFeePerGas, maxPriorityFeePerGas } : { gasPrice };
  const empty = { to: address, nonce, gas: 21_000n, ...fees };
  await developer.impersonateAccount({ address });
  try {
    await ask("eth_sendTransaction", [{ from: address, ...formatTransactionRequest(empty) }]);
  } finally {
    await developer.stopImpersonatingAccount({ address });
  }
}

function senderOf(raw: Hex): Promise<Address> {
  // viem's type asks for a transaction of a known kind; this is one, but only its first byte tells which.
  return recoverTransactionAddress({ serializedTransaction: raw as `0x02${string}` });
}
