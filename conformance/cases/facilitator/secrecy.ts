import {
  accepted,
  type Case,
  defineCase,
  type OrderChange,
  tellsNothing,
} from "../../engine/facilitator/index.ts";
import { atPrice } from "./price.ts";
import { stranger } from "./stranger.ts";

/** What refusals must not tell: whoever may ask a facilitator may read its answers. */
export const secrecyCases: readonly Case[] = [
  defineCase({
    id: "facilitator.malformed.internals-stay-inside",
    requirement: "F-API-21",
    title: "Refusals tell nothing of keys, files, stack traces or the chain's address",
    control: (t) => t.verify().expect(accepted),
    probe: async (t) => {
      for (const change of [
        { payload: () => ({}) },
        { terms: (terms) => ({ ...terms, asset: stranger }) },
        { terms: (terms) => atPrice(terms, "x") },
      ] satisfies OrderChange[])
        for (const endpoint of ["verify", "settle"] as const)
          await t[endpoint](change).expect(tellsNothing(t)).done();
    },
  }),
  ...(["verify", "settle"] as const).map((endpoint) =>
    defineCase({
      id: `facilitator.malformed.refusals-of-${endpoint}-tell-nothing`,
      requirement: "F-API-21",
      title: `What /${endpoint} says of a payment that the chain would refuse tells nothing of internals`,
      control: (t) => t[endpoint]().expect(accepted),
      probe: async (t) => {
        const innocent = tellsNothing(t);
        const spent = await t.order();
        await t.spendOnChain(spent);
        await t.present(endpoint, spent).expect(innocent).done();
        const payTo = await t.frozenPayee();
        for (const change of [
          { terms: (terms) => ({ ...terms, payTo }), authorization: (a) => ({ ...a, to: payTo }) },
          { signedByStranger: true },
          { byUnfundedPayer: true },
        ] satisfies OrderChange[])
          await t[endpoint](change).expect(innocent).done();
      },
    }),
  ),
];
