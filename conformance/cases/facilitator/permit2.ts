import {
  accepted,
  type Case,
  defineCase,
  moved,
  nothingBroadcast,
  oneTransferAmong,
  type PermitChange,
  refused,
  truthful,
} from "../../engine/facilitator/index.ts";
import { codesOf, flawCases, refusing } from "./permit-flaws.ts";

/** Seconds. */
const day = 86_400n;

const needs = ["permit2"] as const;

/** Facilitators that settle `exact` by Permit2, for tokens that have no EIP-3009. */
export const permit2Cases: readonly Case[] = [
  defineCase({
    id: "facilitator.permit2.settles",
    requirement: "F-P2-06",
    title: "A payment by Permit2 that verifies is settled, once",
    needs,
    control: (t) => t.permit("settle", "exact").expect(accepted, moved(1)),
    probe: async (t) => {
      const order = await t.permitOrder("exact");
      await t.present("verify", order).expect(accepted, nothingBroadcast).done();
      await t.present("settle", order).expect(accepted, moved(1), truthful(t)).done();
      await t.present("settle", order).expect(moved(0), nothingBroadcast, truthful(t)).done();
    },
  }),
  ...flawCases("exact"),
  ...(["verify", "settle"] as const).flatMap((endpoint) => [
    refusing("exact", endpoint, {
      id: `facilitator.permit2.underpaid-by-one-to-${endpoint}`,
      requirement: "F-P2-03",
      title: `A permit for one atomic unit less than the price is refused by /${endpoint}`,
      change: () => ({
        permit: (p) => ({ ...p, permitted: { ...p.permitted, amount: p.permitted.amount - 1n } }),
      }),
      causes: ["permit amount"],
    }),
    defineCase({
      id: `facilitator.permit2.without-allowance-to-${endpoint}`,
      requirement: "F-P2-05",
      title: `A payer that has not allowed Permit2 to take the price is told to do so by /${endpoint}`,
      needs,
      control: (t) => t.permit(endpoint, "exact").expect(accepted),
      probe: async (t) => {
        const order = await t.permitOrder("exact");
        for (const allowance of [0n, order.amount - 1n]) {
          await t.allowPermit2(allowance);
          await t
            .present(endpoint, order)
            .expect(refused(...codesOf(endpoint, ["allowance"])), nothingBroadcast, moved(0))
            .done();
        }
      },
    }),
  ]),
  defineCase({
    id: "facilitator.permit2.first-fault-first",
    requirement: "F-P2-01",
    title:
      "Of two faults, the one is told that comes first: signature, allowance, funds, amount, time, token",
    needs,
    control: (t) => t.permit("verify", "exact").expect(accepted),
    probe: async (t) => {
      const late = (p: Permit): Permit => ({ ...p, deadline: p.deadline - day });
      const short = (p: Permit): Permit => ({
        ...p,
        permitted: { ...p.permitted, amount: p.permitted.amount - 1n },
      });
      await t
        .permit("verify", "exact", { permit: late, signedByStranger: true })
        .expect(refused("permit signature"))
        .done();
      await t
        .permit("verify", "exact", { permit: (p) => short(late(p)) })
        .expect(refused("permit amount"))
        .done();
      await t.allowPermit2(0n);
      await t.permit("verify", "exact", { permit: short }).expect(refused("allowance")).done();
    },
  }),
  defineCase({
    id: "facilitator.permit2.transfer-would-revert",
    requirement: "F-P2-07",
    title: "A payment by Permit2 whose transfer would revert does not verify",
    needs,
    control: (t) => t.permit("verify", "exact").expect(accepted),
    probe: async (t) => {
      const payTo = await t.frozenPayee();
      await t
        .permit("verify", "exact", {
          terms: (terms) => ({ ...terms, payTo }),
          permit: (p) => ({ ...p, witness: { ...p.witness, to: payTo } }),
        })
        .expect(refused(), nothingBroadcast)
        .done();
    },
  }),
  defineCase({
    id: "facilitator.permit2.eight-at-once",
    requirement: "F-S-05",
    title:
      "A payment by Permit2 that is settled eight times at once is transferred once, and the answers agree",
    needs,
    control: (t) => t.permit("settle", "exact").expect(accepted, moved(1)),
    probe: async (t) => {
      const order = await t.permitOrder("exact");
      await t
        .settleTogether(Array.from({ length: 8 }, () => order))
        .expect(oneTransferAmong)
        .done();
    },
  }),
  defineCase({
    id: "facilitator.permit2.nonce-of-another-payment",
    requirement: "F-S-04",
    title: "A second payment by Permit2 with the nonce of one that was settled is refused",
    needs,
    control: (t) => t.permit("settle", "exact").expect(accepted, moved(1)),
    probe: async (t) => {
      const order = await t.permitOrder("exact");
      await t.present("settle", order).expect(accepted, moved(1)).done();
      const again = {
        permit: (p: Permit) => ({ ...p, nonce: order.permit.nonce, deadline: p.deadline + 1n }),
      };
      await t.permit("verify", "exact", again).expect(refused(), nothingBroadcast).done();
      await t.permit("settle", "exact", again).expect(refused(), nothingBroadcast, moved(0)).done();
    },
  }),
];

type Permit = Parameters<NonNullable<PermitChange["permit"]>>[0];
