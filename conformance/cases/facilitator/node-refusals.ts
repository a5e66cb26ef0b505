import {
  accepted,
  type Breakage,
  type Case,
  defineCase,
  isToldPending,
  type Merchant,
  moved,
  payerIsNotBlamed,
  type ReplyCheck,
  truthful,
} from "../../engine/facilitator/index.ts";

const settlesHonestly = (t: Merchant) => t.settle().expect(accepted, moved(1));

/** How often the same payment is asked for, while it is told as pending. */
const mostAttempts = 3;

/** Of how many accounts it is tried whether they go on. */
const mostAccounts = 8;

/** A node that works but for one kind of call: what cannot be known is neither a yes nor a no, and nothing stays stuck. */
export const nodeRefusalCases: readonly Case[] = [
  defineCase({
    id: "facilitator.chain.send-refused",
    requirement: "F-S-10",
    protocol: "any",
    title: "After the node refused a transaction, the next payment is settled",
    needs: ["chain-faults", "restart"],
    alone: true,
    control: settlesHonestly,
    probe: (t) => goesOnAfter(t, { name: "rpc-send-refused", debits: 1 }, truthful(t)),
  }),
  defineCase({
    id: "facilitator.chain.out-of-gas",
    requirement: "F-S-10",
    protocol: "any",
    title: "A facilitator that cannot pay the gas does not blame the payer, and goes on when it can",
    needs: ["chain-faults", "restart"],
    alone: true,
    control: settlesHonestly,
    probe: (t) => goesOnAfter(t, { name: "rpc-gas-unpaid", debits: 1 }, truthful(t), payerIsNotBlamed),
  }),
];

/** While it lasts, `checks` hold; the next payments are settled. */
function goesOnAfter(t: Merchant, fault: Breakage, ...checks: readonly ReplyCheck[]): Promise<void> {
  return t.andRestart(async () => {
    await t.whileBroken(fault, t.settle().expect(...checks));
    // One for each account that it settles from: the next may be another's turn.
    const accounts = new Set(await t.context.signers()).size;
    for (let settled = 0; settled <= Math.min(accounts, mostAccounts); settled++) await settlesInTime(t);
  });
}

/** An honest payment is settled, at once or after having been told as pending. Without an answer, nothing is proven. */
async function settlesInTime(t: Merchant): Promise<void> {
  const order = await t.order();
  for (let attempts = 1; ; attempts++) {
    const reply = await t.present("settle", order).expect(truthful(t)).done();
    if (isToldPending(reply) && attempts < mostAttempts) continue;
    return accepted(reply);
  }
}
