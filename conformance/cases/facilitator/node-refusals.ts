import {
  accepted,
  type Breakage,
  type Case,
  defineCase,
  type Merchant,
  moved,
  nothingBroadcast,
  payerIsNotBlamed,
  pending,
  type ReplyCheck,
  reasonOf,
  told,
  truthful,
} from "../../engine/facilitator/index.ts";
import { Finding, field } from "../../engine/index.ts";

const settlesHonestly = (t: Merchant) => t.settle().expect(accepted, moved(1));

/** How often the same payment is asked for, while it is told as pending. */
const mostAttempts = 3;

/** A node that works but for one kind of call: what cannot be known is neither a yes nor a no, and nothing stays stuck. */
export const nodeRefusalCases: readonly Case[] = [
  defineCase({
    id: "facilitator.chain.receipt-refused",
    requirement: "F-S-08",
    title: "A transfer whose receipt the node does not give is told as pending, with its hash",
    needs: ["chain-faults"],
    control: settlesHonestly,
    probe: (t) =>
      t.whileBroken(
        { name: "rpc-receipts-refused", debits: 1 },
        t.settle().expect(truthful(t), pendingUnlessSettled),
      ),
  }),
  defineCase({
    id: "facilitator.chain.reverted-receipt-refused",
    requirement: "F-S-02",
    title: "A transfer that reverts is no success, although the node does not give its receipt",
    needs: ["chain-faults"],
    control: settlesHonestly,
    probe: (t) =>
      t.whileAllBroken(
        [{ name: "transaction-reverts" }, { name: "rpc-receipts-refused" }],
        t.settle().expect(truthful(t), moved(0)),
      ),
  }),
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
  ...(["verify", "settle"] as const).map((endpoint) =>
    defineCase({
      id: `facilitator.chain.simulation-refused-to-${endpoint}`,
      requirement: endpoint === "verify" ? "F-V-18" : "F-S-06",
      title: `A payment whose simulation the node refuses to run is not accepted by /${endpoint}`,
      needs: ["chain-faults"],
      control: (t) => t[endpoint]().expect(accepted),
      probe: async (t) => {
        const payTo = await t.frozenPayee();
        await t.whileBroken(
          { name: "rpc-simulation-refused" },
          t[endpoint]({
            terms: (terms) => ({ ...terms, payTo }),
            authorization: (authorization) => ({ ...authorization, to: payTo }),
          }).expect(notAccepted, nothingBroadcast, moved(0)),
        );
      },
    }),
  ),
];

/** A facilitator may learn otherwise that the money moved; one that does not must not call it a failure. */
const pendingUnlessSettled: ReplyCheck = async (reply) => {
  if (field(reply.json, "success") !== true) await pending(reply);
};

const notAccepted: ReplyCheck = (reply) => {
  if (field(reply.json, "isValid") !== true && field(reply.json, "success") !== true) return;
  throw new Finding("Accepted, although the transfer could not be tried.", "no acceptance", told(reply));
};

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
