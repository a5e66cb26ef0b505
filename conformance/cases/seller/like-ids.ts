import { randomUUID } from "node:crypto";
import { Finding } from "../../engine/index.ts";
import {
  type Case,
  defineCase,
  type GroupCheck,
  provided,
  served,
  servedAndCharged,
  settled,
} from "../../engine/seller/index.ts";
import { chargedForDeliveries } from "./deliveries.ts";
import { buyFromWhoUsesIds, named } from "./payment-identifier.ts";

/** Payments under one id, and under ids that are nearly one. */
export const likeIdCases: readonly Case[] = [
  defineCase({
    id: "seller.identifier.other-payments-at-once",
    requirement: "S-RPL-05",
    title: "Of four payments sent at once under one id, at most one is taken",
    control: buyFromWhoUsesIds,
    probe: async (t) => {
      const change = named();
      const payments = await Promise.all(Array.from({ length: 4 }, () => t.prepare(change)));
      await t
        .meeting(payments.length, t.allTogether(payments))
        .expect(chargedForDeliveries, atMostOneTaken)
        .done();
    },
  }),
  ...[
    {
      likeness: "that-differ-at-the-end",
      how: "of 128 characters that differ in the last one",
      pair: (): [string, string] => {
        const beginning = `assay_${randomUUID()}`.padEnd(127, "-");
        return [`${beginning}1`, `${beginning}2`];
      },
    },
    {
      likeness: "that-differ-in-case",
      how: "that differ in the case of their letters",
      pair: (): [string, string] => {
        const id = `assay_${randomUUID()}`;
        return [id, id.toUpperCase()];
      },
    },
  ].map(({ likeness, how, pair }) =>
    defineCase({
      id: `seller.identifier.${likeness}`,
      requirement: "S-RPL-05",
      title: `Two ids ${how} are two: each of their payments is taken`,
      control: buyFromWhoUsesIds,
      probe: async (t) => {
        const [one, other] = pair();
        await t.buy(named(one)).expect(provided(servedAndCharged)).done();
        await t.buy(named(other)).expect(served, settled(1)).done();
      },
    }),
  ),
];

const atMostOneTaken: GroupCheck = async (all) => {
  const [first] = all;
  const moved = (await first?.transfers())?.length ?? 0;
  if (moved <= 1) return;
  throw new Finding(
    "Several payments were taken under one id.",
    "at most 1 transfer on chain",
    `${moved} transfers on chain`,
  );
};
