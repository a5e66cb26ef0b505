import { type Case, defineCase, noWork, served, settled, turnedAway } from "../../engine/seller/index.ts";
import { aSale } from "./sale.ts";

/** Ways for the node not to answer; `forAll` where it befalls everybody. */
const outages = [
  { name: "node-refuses", fault: "rpc-rate-limited", what: "its node refuses calls as too many" },
  { name: "node-is-down", fault: "rpc-down", what: "its node hangs up", forAll: true },
  { name: "node-answers-429", fault: "rpc-429", what: "its node answers 429", forAll: true },
] as const;

/** What a seller does when the node behind its facilitator gives no good answer. */
export const nodeFaultCases: readonly Case[] = outages.map(({ name, fault, what, ...breakage }) =>
  defineCase({
    id: `seller.chain.${name}`,
    requirement: "S-PAY-24",
    protocol: "any",
    title: `No work is done while the facilitator can check nothing, since ${what}; the next sale succeeds`,
    needs: ["own-facilitator"],
    alone: "forAll" in breakage,
    control: aSale,
    probe: async (t) => {
      await t.whileBroken(fault, t.buy().expect(turnedAway, noWork), breakage);
      await t.buy().expect(served, settled(1)).done();
    },
  }),
);
