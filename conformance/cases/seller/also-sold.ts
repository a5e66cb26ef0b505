import { type Case, defineCase, served, settled } from "../../engine/seller/index.ts";
import { aSale } from "./sale.ts";

/** The other paid requests that were given: sold like the first one. */
export const alsoSoldCases: readonly Case[] = [
  defineCase({
    id: "seller.retry.other-request-served",
    requirement: "S-ORD-08",
    protocol: "any",
    title: "The other paid request is served with 2xx, too, and charged once",
    needs: ["alsoPaid"],
    control: aSale,
    probe: (t) => t.buy({}, t.request("alsoPaid")).expect(served, settled(1)),
  }),
  defineCase({
    id: "seller.streaming.served",
    requirement: "S-ORD-08",
    protocol: "any",
    title: "A paid request for a stream is served with 2xx, and charged once",
    needs: ["streaming"],
    control: aSale,
    probe: (t) => t.buy({}, t.request("streaming")).expect(served, settled(1)),
  }),
];
