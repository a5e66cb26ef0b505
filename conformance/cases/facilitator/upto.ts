import {
  accepted,
  type Case,
  defineCase,
  eachSpentItsOwn,
  moved,
  nothingBroadcast,
  oneTransferAmong,
  type PermitChange,
  type ReplyCheck,
  refused,
  replies,
  truthful,
} from "../../engine/facilitator/index.ts";
import { flawCases, needOf } from "./permit-flaws.ts";

const scheme = "upto";

const needs = [needOf(scheme)] as const;

/** Less than what is permitted, in atomic units. */
const part = 400n;

/** Facilitators that settle `upto`: the payer permits a bound, and what was used is charged. */
export const uptoCases: readonly Case[] = [
  defineCase({
    id: "facilitator.upto.settles",
    requirement: "F-UP-01",
    title: "What is charged moves, be it all or a part of what is permitted",
    needs,
    control: (t) => t.permit("settle", scheme).expect(accepted, moved(1)),
    probe: async (t) => {
      const whole = await t.permitOrder(scheme);
      await t.present("verify", whole).expect(accepted, nothingBroadcast).done();
      await t.present("settle", whole).expect(accepted, moved(1), truthful(t)).done();
      await t.permit("settle", scheme, { charge: part }).expect(accepted, moved(1), truthful(t)).done();
    },
  }),
  ...flawCases(scheme),
  defineCase({
    id: "facilitator.upto.charged-more-than-permitted",
    requirement: "F-UP-01",
    title: "A charge of one atomic unit more than permitted is refused",
    needs,
    control: (t) => t.permit("settle", scheme).expect(accepted, moved(1)),
    probe: async (t) => {
      const { amount } = await t.permitOrder(scheme);
      await t
        .permit("settle", scheme, { charge: amount + 1n })
        .expect(refused("charge"), nothingBroadcast, moved(0))
        .done();
    },
  }),
  defineCase({
    id: "facilitator.upto.verified-for-another-bound",
    requirement: "F-UP-02",
    title: "A permit for less or more than the bound that is demanded does not verify",
    needs,
    control: (t) => t.permit("verify", scheme).expect(accepted),
    probe: async (t) => {
      for (const difference of [-1n, 1n]) {
        await t
          .permit("verify", scheme, {
            permit: (p) => ({
              ...p,
              permitted: { ...p.permitted, amount: p.permitted.amount + difference },
            }),
          })
          .expect(refused(), nothingBroadcast)
          .done();
      }
    },
  }),
  defineCase({
    id: "facilitator.upto.charged-once",
    requirement: "F-UP-03",
    title: "A permit of which a part was charged is charged no second time, neither the same nor the rest",
    needs,
    control: (t) => t.permit("settle", scheme).expect(accepted, moved(1)),
    probe: async (t) => {
      const first = await t.permitOrder(scheme, { charge: part });
      await t.present("settle", first).expect(accepted, moved(1)).done();
      for (const charge of [part, part + 1n]) {
        const again = await t.permitOrder(scheme, { charge, permit: () => first.permit });
        await t.present("settle", again).expect(moved(0), nothingBroadcast, truthful(t)).done();
      }
    },
  }),
  defineCase({
    id: "facilitator.upto.charged-does-not-verify",
    requirement: "F-V-19",
    title: "A permit of which a part was charged does not verify any more",
    needs,
    control: (t) => t.permit("verify", scheme).expect(accepted),
    probe: async (t) => {
      const whole = await t.permitOrder(scheme);
      const charged = await t.permitOrder(scheme, { charge: part, permit: () => whole.permit });
      await t.present("settle", charged).expect(accepted, moved(1)).done();
      await t.present("verify", whole).expect(refused(), nothingBroadcast).done();
    },
  }),
  defineCase({
    id: "facilitator.upto.transfer-would-revert",
    requirement: "F-P2-07",
    title: "A permit whose transfer would revert does not verify",
    needs,
    control: (t) => t.permit("verify", scheme).expect(accepted),
    probe: async (t) => {
      const payTo = await t.frozenPayee();
      await t
        .permit("verify", scheme, {
          terms: (terms) => ({ ...terms, payTo }),
          permit: (p) => ({ ...p, witness: { ...p.witness, to: payTo } }),
        })
        .expect(refused(), nothingBroadcast)
        .done();
    },
  }),
  defineCase({
    id: "facilitator.upto.two-charges-at-once",
    requirement: "F-UP-03",
    title: "Of two charges of one permit at once, one moves",
    needs,
    control: (t) => t.permit("settle", scheme).expect(accepted, moved(1)),
    probe: async (t) => {
      const first = await t.permitOrder(scheme, { charge: part });
      const second = await t.permitOrder(scheme, { charge: part, permit: () => first.permit });
      await t.settleTogether([first, second]).expect(oneTransferAmong).done();
    },
  }),
  defineCase({
    id: "facilitator.upto.different-charges-at-once",
    requirement: "F-UP-03",
    title: "Of a small and a large charge of one permit at once, one moves, and no other is told",
    needs,
    control: (t) => t.permit("settle", scheme).expect(accepted, moved(1)),
    probe: async (t) => {
      const small = await t.permitOrder(scheme, { charge: 1n });
      const large = await t.permitOrder(scheme, { charge: part, permit: () => small.permit });
      await t.settleTogether([small, large]).expect(oneTransferAmong, eachSpentItsOwn(t)).done();
    },
  }),
  defineCase({
    id: "facilitator.upto.tells-the-charge",
    requirement: "F-UP-05",
    title: "A settlement tells what was charged",
    needs,
    control: (t) => t.permit("settle", scheme).expect(accepted, moved(1)),
    probe: async (t) => {
      for (const charge of [undefined, part]) {
        await t
          .permit("settle", scheme, charge === undefined ? {} : { charge })
          .expect(tellsTheCharge)
          .done();
      }
    },
  }),
  defineCase({
    id: "facilitator.upto.charged-nothing",
    requirement: "F-UP-05",
    title: 'A charge of nothing is a success without a transaction: transaction "", amount "0"',
    needs,
    control: (t) => t.permit("settle", scheme).expect(accepted, moved(1)),
    probe: async (t) => {
      await t
        .permit("settle", scheme, { charge: 0n })
        .expect(
          replies("success", "true", (value) => value === true),
          replies("transaction", '""', (value) => value === ""),
          tellsTheCharge,
          nothingBroadcast,
        )
        .done();
    },
  }),
  defineCase({
    id: "facilitator.upto.forged-and-charged-nothing",
    requirement: "F-S-06",
    title: "A charge of nothing is refused where the permit is forged, or pays somebody else",
    needs,
    control: (t) => t.permit("settle", scheme).expect(accepted, moved(1)),
    probe: async (t) => {
      const flaws: readonly PermitChange[] = [
        { signedByStranger: true },
        { permit: (p) => ({ ...p, witness: { ...p.witness, to: t.payer.address } }) },
      ];
      for (const flaw of flaws)
        await t
          .permit("settle", scheme, { ...flaw, charge: 0n })
          .expect(refused(), nothingBroadcast, moved(0))
          .done();
    },
  }),
  defineCase({
    id: "facilitator.upto.for-another-facilitator",
    requirement: "F-UP-06",
    title: "A permit that names another facilitator is refused",
    needs,
    control: (t) => t.permit("settle", scheme).expect(accepted, moved(1)),
    probe: async (t) => {
      const { address } = t.payer;
      await t
        .permit("settle", scheme, {
          permit: (p) => ({ ...p, witness: { ...p.witness, facilitator: address } }),
        })
        .expect(refused("permit facilitator"), nothingBroadcast, moved(0))
        .done();
    },
  }),
];

const tellsTheCharge: ReplyCheck = (reply) => {
  const charged = String(reply.order?.amount);
  return replies("amount", JSON.stringify(charged), (value) => value === charged)(reply);
};
