import {
  accepted,
  type Breakage,
  type Case,
  defineCase,
  type Merchant,
  moved,
  payerIsNotBlamed,
  type ReplyCheck,
  reasonOf,
  truthful,
} from "../../engine/facilitator/index.ts";

const settlesHonestly = (t: Merchant) => t.settle().expect(accepted, moved(1));

/** How often the same payment is asked for, while it is told as pending. */
const mostAttempts = 3;

/** A node that works but for one kind of call: what cannot be known is neither a yes nor a no, and nothing stays stuck. */
export const nodeRefusalCases: readonly Case[] = [
  defineCase({
    id: "facilitator.chain.send-refused",
    requirement: "F-S-10",
    title: "After the node refused a transaction, the next payment is settled",
    needs: ["chain-faults", "restart"],
    alone: true,
    control: settlesHonestly,
    probe: (t) => goesOnAfter(t, { name: "rpc-send-refused", debits: 1 }, truthful(t)),
  }),
  defineCase({
    id: "facilitator.chain.out-of-gas",
    requirement: "F-S-10",
    title: "A facilitator that cannot pay the gas does not blame the payer, and goes on when it can",
    needs: ["chain-faults", "restart"],
    alone: true,
    control: settlesHonestly,
    probe: (t) => goesOnAfter(t, { name: "rpc-gas-unpaid", debits: 1 }, truthful(t), payerIsNotBlamed),
  }),
];

/** While it lasts, `checks` hold; the next payment is settled, at once or after having been told as pending. */
function goesOnAfter(t: Merchant, fault: Breakage, ...checks: readonly ReplyCheck[]): Promise<void> {
  return t.andRestart(async () => {
    await t.whileBroken(fault, t.settle().expect(...checks));
    const next = await t.order();
    for (let attempts = 1; ; attempts++) {
      const reply = await t.unlessItWaits(t.present("settle", next).expect(truthful(t)));
      if (reasonOf(reply) === "settlement_pending" && attempts < mostAttempts) continue;
      return accepted(reply);
    }
  });
}
