import {
  accepted,
  type Case,
  defineCase,
  expectVerified,
  moved,
  nothingBroadcast,
  refused,
} from "../../engine/facilitator/index.ts";

/** What only the chain knows: an authorization that was good a moment ago. */
export const stateCases: readonly Case[] = [
  ...(["verify", "settle"] as const).flatMap((endpoint) => [
    defineCase({
      id: `facilitator.${endpoint}.used-nonce`,
      requirement: endpoint === "verify" ? "F-V-19" : "F-S-06",
      title: `An authorization that somebody spent on chain is refused by /${endpoint}`,
      control: (t) => t.verify().expect(accepted),
      probe: async (t) => {
        const order = await t.order();
        await t.spendOnChain(order);
        await t.present(endpoint, order).expect(refused(), nothingBroadcast, moved(0)).done();
      },
    }),
    defineCase({
      id: `facilitator.${endpoint}.cancelled-nonce`,
      requirement: endpoint === "verify" ? "F-V-19" : "F-S-06",
      title: `An authorization that the payer cancelled is refused by /${endpoint}`,
      control: (t) => t.verify().expect(accepted),
      probe: async (t) => {
        const order = await t.order();
        await t.cancelOnChain(order);
        await t.present(endpoint, order).expect(refused(), nothingBroadcast, moved(0)).done();
      },
    }),
    defineCase({
      id: `facilitator.${endpoint}.blacklisted-payer`,
      requirement: endpoint === "verify" ? "F-V-20" : "F-S-06",
      title: `A payment of an account that the token's issuer froze is refused by /${endpoint}`,
      control: (t) => t.verify().expect(accepted),
      probe: async (t) => {
        const order = await t.order();
        await t.blacklistPayer();
        await t.present(endpoint, order).expect(refused(), nothingBroadcast, moved(0)).done();
      },
    }),
    defineCase({
      id: `facilitator.${endpoint}.paused-token`,
      requirement: endpoint === "verify" ? "F-V-20" : "F-S-06",
      title: `A payment in a token that is paused is refused by /${endpoint}`,
      alone: true,
      control: (t) => t.verify().expect(accepted),
      probe: async (t) => {
        const order = await t.order();
        await t.whileTokenPaused(t.present(endpoint, order).expect(refused(), nothingBroadcast, moved(0)));
        await t.present("settle", order).expect(accepted, moved(1)).done();
      },
    }),
    defineCase({
      id: `facilitator.${endpoint}.blacklisted-payee`,
      requirement: endpoint === "verify" ? "F-V-18" : "F-S-06",
      title: `A transfer that only a simulation shows to fail is refused by /${endpoint}`,
      control: (t) => t.verify().expect(accepted),
      probe: async (t) => {
        const payTo = await t.frozenPayee();
        await t[endpoint]({
          terms: (terms) => ({ ...terms, payTo }),
          authorization: (authorization) => ({ ...authorization, to: payTo }),
        })
          .expect(refused(), nothingBroadcast, moved(0))
          .done();
      },
    }),
  ]),
  defineCase({
    id: "facilitator.verify.refused-until-unpaused",
    requirement: "F-V-18",
    title: "A payment that did not verify while the token was paused verifies after it",
    alone: true,
    control: (t) => t.verify().expect(accepted),
    probe: async (t) => {
      const order = await t.order();
      await t.whileTokenPaused(t.present("verify", order));
      await expectVerified(t, order);
    },
  }),
];
