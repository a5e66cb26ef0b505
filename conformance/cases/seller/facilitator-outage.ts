import {
  type Case,
  defineCase,
  failedClosed,
  noSuccess,
  noWork,
  provided,
  refused,
  served,
  settled,
  turnedAway,
  withheld,
} from "../../engine/seller/index.ts";
import { aSale } from "./sale.ts";

/** How long a facilitator hangs before it hangs up, in milliseconds: the seller's own patience ends the wait or not. */
const hanging = 400;

/** What a seller does when its facilitator fails it: nothing is given away, and it recovers. */
export const facilitatorOutageCases: readonly Case[] = [
  ...(
    [
      "verify-500",
      "verify-html",
      "verify-truncated",
      "verify-without-verdict",
      "verify-hangs-up",
      "verify-hangs",
    ] as const
  ).map((fault) =>
    defineCase({
      id: `seller.settlement.fails-closed-on-${fault}`,
      requirement: "S-PAY-24",
      title: `Fails closed when the facilitator misbehaves: ${fault}`,
      needs: ["own-facilitator"],
      control: aSale,
      probe: async (t) => {
        const purchase = t.buy().expect(failedClosed, withheld, noWork, settled(0));
        await t.underFault(fault, purchase, patienceWith(fault));
      },
    }),
  ),
  ...(
    [
      "settle-500",
      "settle-html",
      "settle-truncated",
      "settle-without-transaction",
      "settle-on-another-network",
      "settle-hangs-up",
      "settle-hangs",
    ] as const
  ).map((fault) =>
    defineCase({
      id: `seller.settlement.delivers-nothing-on-${fault}`,
      requirement: "S-PAY-24",
      title: `Delivers nothing when the facilitator misbehaves: ${fault}`,
      needs: ["own-facilitator"],
      control: aSale,
      probe: async (t) => {
        const purchase = t.buy().expect(failedClosed, withheld, noSuccess, settled(0));
        await t.underFault(fault, purchase, patienceWith(fault));
      },
    }),
  ),
  defineCase({
    id: "seller.settlement.fails-closed-on-verify-400",
    requirement: "S-PAY-24",
    title: "A payment that the facilitator calls invalid with status 400 is refused",
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      await t.underFault("verify-400", t.buy().expect(refused, withheld, noWork, settled(0)));
    },
  }),
  defineCase({
    id: "seller.settlement.delivers-nothing-on-settle-400",
    requirement: "S-PAY-24",
    title: "A payment that the facilitator refuses to settle with status 400 buys nothing",
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      await t.underFault("settle-400", t.buy().expect(turnedAway, noSuccess));
    },
  }),
  defineCase({
    id: "seller.settlement.stays-closed-in-a-long-outage",
    requirement: "S-PAY-24",
    title: "Purchase after purchase that cannot be verified is refused, and brings no content and no work",
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      await t.underFault("verify-500", t.buy().expect(provided(refused)));
      // From here on a seller may know that its facilitator is out of order, and not ask at all.
      await t.facilitatorWill("verify-500", 100);
      for (let purchase = 0; purchase < 5; purchase++) {
        await t.buy().expect(refused, withheld, noWork, settled(0)).done();
      }
    },
  }),
  ...(["verify-500", "settle-hangs-up"] as const).map((fault) =>
    defineCase({
      id: `seller.settlement.recovers-after-${fault}`,
      requirement: "S-PAY-24",
      protocol: "any",
      title: `The buyer whose purchase failed with ${fault} is served once the facilitator is well again`,
      needs: ["own-facilitator"],
      control: aSale,
      probe: async (t) => {
        await t.underFault(fault, t.buy().expect(provided(failedClosed)));
        await t.buy().expect(served, settled(1)).done();
      },
    }),
  ),
  defineCase({
    id: "seller.settlement.fails-closed-on-supported-lies",
    requirement: "S-PAY-24",
    protocol: "any",
    title:
      "A seller that starts while /supported lies gives nothing away, and sells again after the next start",
    needs: ["own-facilitator", "restart"],
    alone: true,
    control: aSale,
    probe: async (t) => {
      const asked = await t.askUnder("supported-lies", { restarted: true });
      if (asked !== undefined) await refused(asked);
      await t.restart();
      await t.buy().expect(served, settled(1)).done();
    },
  }),
  defineCase({
    id: "seller.settlement.fails-closed-on-supported-500",
    requirement: "S-PAY-24",
    protocol: "any",
    title: "A seller gives nothing away while /supported fails, and sells again once it works",
    needs: ["own-facilitator"],
    alone: true,
    control: aSale,
    probe: async (t) => {
      const asked = await t.askUnder("supported-500");
      if (asked !== undefined) await refused(asked);
      await t.buy().expect(served, settled(1)).done();
    },
  }),
];

/** How long the fault lasts, where it lasts at all. */
function patienceWith(fault: string) {
  return fault.endsWith("-hangs") ? { delayMs: hanging } : {};
}
