import {
  accepted,
  type Breakage,
  type Case,
  defineCase,
  eachSpentItsOwn,
  expectResolved,
  isToldPending,
  leavePending,
  type Merchant,
  moved,
  movedAtMost,
  pending,
  type RepliesCheck,
  type ReplyCheck,
  survived,
  tellsNothing,
  tellsOfDebits,
  told,
  truthful,
} from "../../engine/facilitator/index.ts";
import { Finding, field } from "../../engine/index.ts";

const settlesHonestly = (t: Merchant) => t.settle().expect(accepted, moved(1));

/** What is told as failed has moved nothing. */
const noneMovedUntold: RepliesCheck = async (replies) => {
  for (const reply of replies) {
    if (field(reply.json, "success") === true || isToldPending(reply)) continue;
    const [transfer] = await reply.transfers();
    if (transfer !== undefined)
      throw new Finding(
        "A payment is told as failed whose money moved, together with others of which one failed.",
        "success: true",
        `${told(reply)}; transferred in ${transfer.transaction}`,
      );
  }
};

/** What is told when the transaction of a settlement goes wrong: what is true, and never a success. */
export const chainFaultCases: readonly Case[] = [
  defineCase({
    id: "facilitator.chain.one-of-eight-cancelled",
    requirement: "F-S-02",
    protocol: "any",
    title:
      "Of eight payments at once, one of which is cancelled just before its transaction, each is told as what became of it",
    needs: ["chain-faults"],
    control: settlesHonestly,
    probe: async (t) => {
      const sellers = [t];
      while (sellers.length < 8) sellers.push(await (sellers.at(-1) ?? t).another());
      const orders = await Promise.all(
        sellers.map(async (seller) => [seller, await seller.order()] as const),
      );
      await t.whileBroken(
        { name: "authorization-cancelled" },
        t.settleBesides(orders).expect(eachSpentItsOwn(t), noneMovedUntold),
      );
    },
  }),
  defineCase({
    id: "facilitator.chain.revert-tells-nothing-of-internals",
    requirement: "F-API-21",
    protocol: "any",
    title:
      "What is said of a transaction that reverted tells nothing of keys, files, stack traces or the node",
    needs: ["chain-faults"],
    control: settlesHonestly,
    probe: async (t) => {
      await t.whileBroken({ name: "transaction-reverts" }, t.settle().expect(tellsNothing(t)));
    },
  }),
  defineCase({
    id: "facilitator.chain.waiting-tells-nothing-of-internals",
    requirement: "F-API-21",
    protocol: "any",
    title: "What is said of a transaction whose receipt does not come tells nothing of the node",
    needs: ["chain-faults"],
    control: settlesHonestly,
    probe: async (t) => {
      for (const name of ["rpc-receipts-missing", "rpc-receipts-refused"] as const)
        await t.whileBroken({ name, debits: 1 }, t.settle().expect(tellsNothing(t)));
    },
  }),
  defineCase({
    id: "facilitator.chain.slow-node",
    requirement: "F-S-10",
    protocol: "any",
    title: "While the node is slow, what is told as settled is settled, and once",
    needs: ["chain-faults"],
    control: settlesHonestly,
    probe: async (t) => {
      await t.whileBroken({ name: "rpc-slow", debits: 1 }, t.settle().expect(survived, truthful(t)));
      await t.settle().expect(accepted, moved(1)).done();
    },
  }),
  defineCase({
    id: "facilitator.chain.answer-lost",
    requirement: "F-S-10",
    protocol: "any",
    title:
      "A transfer that was sent, but whose sending the node did not confirm, is made once however often it is asked for",
    needs: ["chain-faults", "restart"],
    alone: true,
    control: settlesHonestly,
    probe: (t) =>
      settlesOnceDespite(t, { name: "rpc-answer-lost", forAll: true, debits: 1 }, tellsOfDebits(t)),
  }),
  defineCase({
    id: "facilitator.chain.dropped",
    requirement: "F-S-02",
    title: "A transaction that the node forgets is no success, and asking again pays once at most",
    needs: ["chain-faults", "restart"],
    alone: true,
    control: settlesHonestly,
    probe: (t) => settlesOnceDespite(t, { name: "transaction-dropped" }),
  }),
  defineCase({
    id: "facilitator.chain.replaced",
    requirement: "F-S-02",
    protocol: "any",
    title:
      "A transaction that another one takes the place of is no success, and asking again pays once at most",
    needs: ["chain-faults", "restart"],
    alone: true,
    control: settlesHonestly,
    probe: (t) => settlesOnceDespite(t, { name: "transaction-replaced", times: 1 }),
  }),
  defineCase({
    id: "facilitator.chain.reorganized",
    requirement: "F-S-02",
    protocol: "any",
    title:
      "A settlement that the chain undid is no success any more when it is asked for again, unless it is made good",
    needs: ["chain-faults", "restart"],
    alone: true,
    control: settlesHonestly,
    probe: (t) =>
      t.andRestart(async () => {
        const order = await t.order();
        const reorganization = {
          name: "transaction-reorganized-away",
          times: 1,
          undoes: true,
          debits: 1,
        } as const;
        await t.whileBroken(reorganization, t.present("settle", order).expect(survived));
        await t.unlessItWaits(t.present("settle", order).expect(survived, truthful(t), movedAtMost(t, 2)));
      }),
  }),
  defineCase({
    id: "facilitator.chain.pending",
    requirement: "F-S-08",
    title: "A transfer that is not mined in time is told as pending, with its hash",
    needs: ["chain-faults"],
    alone: true,
    control: settlesHonestly,
    probe: (t) =>
      t.whileBroken(
        { name: "mining-stopped", forAll: true, debits: 1 },
        t.settle().expect(survived, pending),
      ),
  }),
  defineCase({
    id: "facilitator.chain.pending-resolved",
    requirement: "F-S-09",
    title:
      "Asked again after the transfer was mined, a pending settlement is a success, and is not sent twice",
    needs: ["chain-faults"],
    alone: true,
    control: settlesHonestly,
    probe: async (t) => {
      const order = await t.order();
      await leavePending(t, order, { name: "mining-stopped", forAll: true });
      await expectResolved(t, order);
    },
  }),
];

/**
 * Whatever is answered while it lasts, and when the same payment comes again after it, is true; it is paid once.
 * `checks` hold of the second answer.
 */
function settlesOnceDespite(t: Merchant, fault: Breakage, ...checks: readonly ReplyCheck[]): Promise<void> {
  return t.andRestart(async () => {
    const before = (await t.transfers()).length;
    const order = await t.order();
    await t.whileBroken({ ...fault }, t.present("settle", order).expect(survived, truthful(t)));
    await t.unlessItWaits(
      t.present("settle", order).expect(survived, truthful(t), movedAtMost(t, before + 1), ...checks),
    );
  });
}
