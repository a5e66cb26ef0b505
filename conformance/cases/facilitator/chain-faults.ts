import {
  accepted,
  askUntilResolved,
  type Breakage,
  type Case,
  couldNotTell,
  defineCase,
  eachSpentItsOwn,
  isToldPending,
  type Merchant,
  moved,
  movedAtMost,
  pending,
  type RepliesCheck,
  reasonOf,
  survived,
  tellsNothing,
  told,
  truthful,
} from "../../engine/facilitator/index.ts";
import { Finding, field, NotApplicable } from "../../engine/index.ts";
import { byAuthorization, byV1, type WayToPay, waysToPay } from "./ways-to-pay.ts";

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

/** What can go wrong when everything was found to be good. */
const afterwards = ["transaction-reverts", "rpc-send-refused", "rpc-gas-unpaid"] as const;

/** What is told when the transaction of a settlement, or the node, goes wrong: what is true, and never a success. */
export const chainFaultCases: readonly Case[] = [
  defineCase({
    id: "facilitator.chain.one-of-eight-cancelled",
    requirement: "F-S-02",
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
  ...outages(),
  defineCase({
    id: "facilitator.chain.outage-tells-nothing-of-internals",
    requirement: "F-API-21",
    title: "An outage of the node tells nothing of keys, files, stack traces or the node's address",
    needs: ["chain-faults", "restart"],
    alone: true,
    control: (t) => t.verify().expect(accepted),
    probe: (t) =>
      t.andRestart(async () => {
        const innocent = tellsNothing(t);
        for (const endpoint of ["verify", "settle"] as const)
          await t.whileBroken({ name: "rpc-down", forAll: true }, t[endpoint]().expect(innocent));
        for (const name of afterwards) await t.whileBroken({ name, debits: 1 }, t.settle().expect(innocent));
        // An outage that begins when everything was found to be good.
        await t.whileBroken(
          { name: "rpc-answer-lost", forAll: true, debits: 1 },
          t.settle().expect(innocent),
        );
      }),
  }),
  defineCase({
    id: "facilitator.chain.waiting-tells-nothing-of-internals",
    requirement: "F-API-21",
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
    title:
      "A transfer that was sent, but whose sending the node did not confirm, is made once however often it is asked for",
    needs: ["chain-faults", "restart"],
    alone: true,
    control: settlesHonestly,
    probe: (t) => settlesOnceDespite(t, { name: "rpc-answer-lost", forAll: true, debits: 1 }),
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
      const first = await t.whileBroken(
        { name: "mining-stopped", forAll: true },
        t.present("settle", order).expect(survived),
      );
      if (reasonOf(first) !== "settlement_pending")
        throw new NotApplicable("The facilitator did not answer settlement_pending.");
      const resolved = await askUntilResolved(t, order);
      await accepted(resolved);
      await truthful(t)(resolved);
    },
  }),
];

/** Ways for the node not to answer. Where it befalls everybody, the case runs alone, and tries one way to pay. */
function outages(): readonly Case[] {
  const outages = [
    { name: "node-is-down", fault: { name: "rpc-down", forAll: true }, what: "hangs up" },
    { name: "node-limits-calls", fault: { name: "rpc-rate-limited" }, what: "refuses calls as too many" },
    { name: "node-answers-429", fault: { name: "rpc-429", forAll: true }, what: "answers 429" },
  ] as const satisfies readonly { name: string; fault: Breakage; what: string }[];
  const usual: WayToPay = { ...byAuthorization, name: "chain" };
  return outages.flatMap((outage) =>
    ("forAll" in outage.fault ? [usual] : [...waysToPay("chain"), byV1]).flatMap((way) =>
      outageCases(outage, way),
    ),
  );
}

function outageCases(
  { name, fault, what }: { readonly name: string; readonly fault: Breakage; readonly what: string },
  way: WayToPay,
): readonly Case[] {
  return (["verify", "settle"] as const).map((endpoint) =>
    defineCase({
      id: `facilitator.${way.name}.${endpoint}-while-${name}`,
      requirement: "F-S-10",
      title: `${way.what}: /${endpoint} says that it could not tell while the node ${what}, and goes on after it`,
      needs: ["chain-faults", ...way.needs],
      protocol: way.protocol,
      alone: fault.forAll === true,
      control: async (t) => {
        await t
          .present(endpoint, await way.order(t))
          .expect(accepted)
          .done();
      },
      probe: async (t) => {
        const order = await way.order(t);
        await t.whileBroken(fault, t.present(endpoint, order).expect(couldNotTell, moved(0)));
        await t
          .present(endpoint, await way.order(t))
          .expect(accepted)
          .done();
      },
    }),
  );
}

/** Whatever is answered while it lasts, and when the same payment comes again after it, is true; it is paid once. */
function settlesOnceDespite(t: Merchant, fault: Breakage): Promise<void> {
  return t.andRestart(async () => {
    const before = (await t.transfers()).length;
    const order = await t.order();
    await t.whileBroken({ ...fault }, t.present("settle", order).expect(survived, truthful(t)));
    await t.unlessItWaits(
      t.present("settle", order).expect(survived, truthful(t), movedAtMost(t, before + 1)),
    );
  });
}
