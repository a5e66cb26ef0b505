import {
  accepted,
  type Case,
  defineCase,
  expectResolved,
  type FacilitatorNeed,
  leavePending,
  type Merchant,
  moved,
  nothingBroadcast,
  pending,
  type ReplyCheck,
  refused,
  survived,
  told,
  truthful,
} from "../../engine/facilitator/index.ts";
import { Finding, field } from "../../engine/index.ts";
import { byV1, settlesHonestly, type WayToPay, waysToPay } from "./ways-to-pay.ts";

/** Why a facilitator has no receipt. */
const withoutReceipt = [
  { case: "receipt-refused", fault: "rpc-receipts-refused", whose: "whose receipt the node does not give" },
  {
    case: "receipt-missing",
    fault: "rpc-receipts-missing",
    whose: "of whose transaction the node knows nothing yet",
  },
] as const;

/** What becomes of a settlement's transaction, and of its simulation. A facilitator that is right about one way to pay may be wrong about another. */
export const transactionCases: readonly Case[] = [...waysToPay("chain"), byV1].flatMap((way) => [
  ...minedCases(way),
  ...simulationCases(way),
  ...untoldCases(way),
]);

/** The transaction is mined, and moves nothing. */
function minedCases(way: WayToPay): readonly Case[] {
  const { name, what, protocol, order: make } = way;
  const needs = needsOf(way);
  const control = (t: Merchant) => settlesHonestly(t, way);
  return [
    defineCase({
      id: `facilitator.${name}.reverted`,
      requirement: "F-S-07",
      title: `${what} whose transfer was simulated and reverts on chain is a failure, and the next one succeeds`,
      needs,
      protocol,
      control,
      probe: async (t) => {
        const order = await make(t);
        const failure = t.present("settle", order).expect(refused("state"), moved(0));
        await t.whileBroken({ name: "transaction-reverts" }, failure);
        await settlesHonestly(t, way);
      },
    }),
    defineCase({
      id: `facilitator.${name}.cancelled`,
      requirement: "F-S-07",
      title: `${what} that was cancelled just before its transaction is a failure`,
      needs,
      protocol,
      control,
      probe: async (t) => {
        const order = await make(t);
        const failure = t.present("settle", order).expect(refused("state"), moved(0));
        await t.whileBroken({ name: "authorization-cancelled" }, failure);
      },
    }),
    ...(name === "upto" ? [] : [frontRunCase(way)]),
  ];
}

/** Not of upto: nobody but the facilitator can spend its permits. */
function frontRunCase(way: WayToPay): Case {
  const { name, what, protocol, order: make } = way;
  return defineCase({
    id: `facilitator.${name}.front-run`,
    requirement: "F-S-02",
    title: `${what} that somebody else was faster to settle is a failure, or a success that names the transaction that has paid`,
    needs: needsOf(way),
    protocol,
    control: (t) => settlesHonestly(t, way),
    probe: async (t) => {
      const order = await make(t);
      const settled = t.present("settle", order).expect(survived, truthful(t), moved(1));
      await t.whileBroken({ name: "authorization-front-run", debits: 1 }, settled);
    },
  });
}

/** The node refuses to try the transfer. */
function simulationCases(way: WayToPay): readonly Case[] {
  const { name, what, protocol, order: make } = way;
  return (["verify", "settle"] as const).map((endpoint) =>
    defineCase({
      id: `facilitator.${name}.simulation-refused-to-${endpoint}`,
      requirement: endpoint === "verify" ? "F-V-18" : "F-S-06",
      title: `${what} whose simulation the node refuses to run is not accepted by /${endpoint}`,
      needs: needsOf(way),
      protocol,
      control: async (t) => {
        await t
          .present(endpoint, await make(t))
          .expect(accepted)
          .done();
      },
      probe: async (t) => {
        const order = await make(t, await t.frozenPayee());
        const refusal = t.present(endpoint, order).expect(notAccepted, nothingBroadcast, moved(0));
        await t.whileBroken({ name: "rpc-simulation-refused" }, refusal);
      },
    }),
  );
}

/** The transaction was sent, and there is no receipt of it. */
function untoldCases(way: WayToPay): readonly Case[] {
  const { name, what, protocol, order: make } = way;
  const needs = needsOf(way);
  const control = (t: Merchant) => settlesHonestly(t, way);
  return [
    ...withoutReceipt.map(({ case: id, fault, whose }) =>
      defineCase({
        id: `facilitator.${name}.${id}`,
        requirement: "F-S-08",
        title: `${what} ${whose} is told as pending, with its hash`,
        needs,
        protocol,
        control,
        probe: async (t) => {
          const order = await make(t);
          const settled = t.present("settle", order).expect(truthful(t), pendingUnlessSettled);
          await t.whileBroken({ name: fault, debits: 1 }, settled);
        },
      }),
    ),
    defineCase({
      id: `facilitator.${name}.reverted-receipt-refused`,
      requirement: "F-S-02",
      title: `${what} whose transfer reverts is no success, although the node does not give its receipt`,
      needs,
      protocol,
      control,
      probe: async (t) => {
        const order = await make(t);
        await t.whileAllBroken(
          [{ name: "transaction-reverts" }, { name: "rpc-receipts-refused" }],
          t.present("settle", order).expect(truthful(t), moved(0)),
        );
      },
    }),
    defineCase({
      id: `facilitator.${name}.receipt-found-later`,
      requirement: "F-S-09",
      title: `${what} that was pending is a success when it is asked for after the node told of its transaction, and is not sent twice`,
      needs,
      protocol,
      control,
      probe: async (t) => {
        const order = await make(t);
        await leavePending(t, order, { name: "rpc-receipts-missing" });
        await expectResolved(t, order);
      },
    }),
  ];
}

function needsOf({ needs }: WayToPay): readonly FacilitatorNeed[] {
  return ["chain-faults", ...needs];
}

/** A facilitator may learn otherwise that the money moved; one that does not must not call it a failure. */
const pendingUnlessSettled: ReplyCheck = async (reply) => {
  if (field(reply.json, "success") !== true) await pending(reply);
};

const notAccepted: ReplyCheck = (reply) => {
  if (field(reply.json, "isValid") !== true && field(reply.json, "success") !== true) return;
  throw new Finding("Accepted, although the transfer could not be tried.", "no acceptance", told(reply));
};
