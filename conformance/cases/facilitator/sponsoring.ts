import {
  accepted,
  type Case,
  defineCase,
  type Merchant,
  moved,
  nothingBroadcast,
  oneTransferAmong,
  refused,
  type SponsoredChange,
  settledOrRefused,
  settledWithAllowance,
  truthful,
} from "../../engine/facilitator/index.ts";
import { codesOf, type PermitScheme } from "./permit-flaws.ts";
import { sponsoringFlawCases } from "./sponsoring-flaws.ts";

/** Less than what is permitted, in atomic units. */
const part = 400n;

const needs = ["eip2612-sponsoring", "permit2"] as const;

/** Facilitators that sponsor the allowance for Permit2: its payer signs it, and they send and pay for it. */
export const sponsoringCases: readonly Case[] = [
  defineCase({
    id: "facilitator.sponsoring.settles",
    requirement: "F-P2-06",
    title: "A payment that brings its allowance verifies, and is settled together with it, once",
    needs,
    control: settlesForAnother("exact"),
    probe: async (t) => {
      const order = await t.sponsoredOrder("exact");
      await t.present("verify", order).expect(accepted, nothingBroadcast).done();
      await t
        .present("settle", order)
        .expect(accepted, moved(1), truthful(t), settledWithAllowance(t, "exact"))
        .done();
      await t.present("settle", order).expect(moved(0), nothingBroadcast, truthful(t)).done();
    },
  }),
  defineCase({
    id: "facilitator.sponsoring.settles-upto",
    requirement: "F-P2-06",
    title:
      "All or a part of a permit of upto that brings its allowance is settled together with it, or refused",
    needs: ["eip2612-sponsoring", "upto"],
    control: settlesForAnother("upto"),
    probe: async (t) => {
      for (const change of [{}, { charge: part }]) {
        await t
          .sponsored("settle", "upto", change)
          .expect(settledOrRefused, truthful(t), settledWithAllowance(t, "upto"))
          .done();
      }
    },
  }),
  defineCase({
    id: "facilitator.sponsoring.eight-at-once",
    requirement: "F-S-05",
    title:
      "A payment with its allowance that is settled eight times at once is transferred once, and the answers agree",
    needs,
    control: (t) => t.sponsored("settle", "exact").expect(accepted, moved(1)),
    probe: async (t) => {
      const order = await t.sponsoredOrder("exact");
      await t
        .settleTogether(Array.from({ length: 8 }, () => order))
        .expect(oneTransferAmong)
        .done();
    },
  }),
  defineCase({
    id: "facilitator.sponsoring.allowance-sent-before",
    requirement: "F-S-02",
    title: "A payment whose allowance somebody else has sent meanwhile is settled, or refused, and truly so",
    needs,
    control: (t) => t.sponsored("settle", "exact").expect(accepted, moved(1)),
    probe: async (t) => {
      const order = await t.sponsoredOrder("exact");
      await t.present("verify", order).expect(accepted, nothingBroadcast).done();
      await t.sendAllowance(order);
      await t.present("settle", order).expect(settledOrRefused, truthful(t)).done();
    },
  }),
  defineCase({
    id: "facilitator.sponsoring.nonce-of-another-payment",
    requirement: "F-S-04",
    title: "A second payment with its allowance under the nonce of one that was settled is refused",
    needs,
    control: (t) => t.sponsored("settle", "exact").expect(accepted, moved(1)),
    probe: async (t) => {
      const order = await t.sponsoredOrder("exact");
      await t.present("settle", order).expect(accepted, moved(1)).done();
      const again: SponsoredChange = {
        permit: (p) => ({ ...p, nonce: order.permit.nonce, deadline: p.deadline + 1n }),
      };
      await t.sponsored("verify", "exact", again).expect(refused(), nothingBroadcast).done();
      await t.sponsored("settle", "exact", again).expect(refused(), nothingBroadcast, moved(0)).done();
    },
  }),
  ...(["verify", "settle"] as const).map((endpoint) =>
    defineCase({
      id: `facilitator.sponsoring.no-allowance-to-${endpoint}`,
      requirement: "F-P2-05",
      title: `A payer without an allowance that sends the extension back unfilled is told to give one by /${endpoint}`,
      needs,
      control: (t) => t.sponsored(endpoint, "exact").expect(accepted),
      probe: async (t) => {
        const unfilled = () => ({ description: "Permits of EIP-2612 are sent for the payer.", version: "1" });
        await t.allowPermit2(0n);
        await t
          .sponsored(endpoint, "exact", { info: unfilled })
          .expect(refused(...codesOf(endpoint, ["allowance"])), nothingBroadcast, moved(0))
          .done();
      },
    }),
  ),
  ...sponsoringFlawCases,
];

/** A payment by Permit2 of somebody else: the case's own payer must have given no allowance. */
function settlesForAnother(scheme: PermitScheme) {
  return async (t: Merchant): Promise<void> => {
    const other = await t.another();
    await other.permit("settle", scheme).expect(accepted, moved(1)).done();
  };
}
