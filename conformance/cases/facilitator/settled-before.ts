import {
  type AnyOrder,
  accepted,
  type Case,
  defineCase,
  type FacilitatorNeed,
  type Merchant,
  moved,
  nothingBroadcast,
  refused,
  trying,
} from "../../engine/facilitator/index.ts";
import { stranger } from "./stranger.ts";
import { onTerms } from "./verified-before.ts";

/** A way to pay, and what a facilitator must have for it. */
interface Way {
  /** What the id of its case has in the second place. */
  readonly name: string;
  readonly what: string;
  readonly needs: readonly FacilitatorNeed[];
  readonly order: (t: Merchant) => Promise<AnyOrder>;
}

const ways: readonly Way[] = [
  { name: "settlement", what: "A payment", needs: [], order: (t) => t.order() },
  {
    name: "permit2",
    what: "A payment by Permit2",
    needs: ["permit2"],
    order: (t) => t.permitOrder("exact"),
  },
  { name: "upto", what: "A permit of upto", needs: ["upto"], order: (t) => t.permitOrder("upto") },
  {
    name: "sponsoring",
    what: "A payment with its allowance",
    needs: ["eip2612-sponsoring", "permit2"],
    order: (t) => t.sponsoredOrder("exact"),
  },
];

const otherTerms = [
  ["another payTo", { payTo: stranger }],
  ["a higher amount", { amount: "2000" }],
] as const;

/** What was settled for one seller is no settlement for another: the very same payment comes again on other terms. */
export const settledBeforeCases: readonly Case[] = ways.map(({ name, what, needs, order: make }) =>
  defineCase({
    id: `facilitator.${name}.settled-for-other-terms`,
    requirement: "F-S-04",
    title: `${what} that was settled is refused when it comes again for another payee, or a higher price`,
    needs,
    control: async (t) => {
      await t
        .present("settle", await make(t))
        .expect(accepted, moved(1))
        .done();
    },
    probe: async (t) => {
      const order = await make(t);
      await t.present("settle", order).expect(accepted, moved(1)).done();
      for (const [what, terms] of otherTerms) {
        const other = onTerms(terms, order);
        const isRefused = trying(`Demanded for ${what}`, refused(), nothingBroadcast, moved(0));
        await t.present("settle", other).expect(isRefused).done();
        await t.present("verify", other).expect(isRefused).done();
      }
    },
  }),
);
