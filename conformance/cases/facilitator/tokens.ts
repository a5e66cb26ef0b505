import {
  accepted,
  type Case,
  defineCase,
  moved,
  nothingBroadcast,
  refused,
  survived,
  truthful,
} from "../../engine/facilitator/index.ts";
import { byAuthorization, byPermit, byV1, settlesHonestly, type WayToPay } from "./ways-to-pay.ts";

/** An address without code. */
const nowhere = "0x000000000000000000000000000000000000dEaD";

/** Tokens that do something else than they were asked to, although nothing reverts. */
export const tokenCases: readonly Case[] = [
  defineCase({
    id: "facilitator.token.without-code",
    requirement: "F-V-23",
    title: "A payment in an asset that is no contract is refused, with a code that says so",
    control: (t) => t.verify().expect(accepted),
    probe: async (t) => {
      const change = {
        terms: (terms: object) => ({ ...terms, asset: nowhere }),
        domain: <D extends object>(domain: D) => ({ ...domain, verifyingContract: nowhere }) as const,
      };
      await t.verify(change).expect(refused("asset"), nothingBroadcast).done();
      await t.settle(change).expect(refused("asset"), nothingBroadcast, moved(0)).done();
    },
  }),
  defineCase({
    id: "facilitator.token.moves-nothing",
    requirement: "F-S-03",
    title: "A transaction that succeeded and moved nothing is not reported as settled",
    needs: ["chain-faults"],
    alone: true,
    control: (t) => settlesHonestly(t, byAuthorization),
    probe: async (t) => {
      await t.whileBroken(
        { name: "token-returns-false", forAll: true },
        t.settle().expect(survived, truthful(t)),
      );
      await t.settle().expect(accepted, moved(1)).done();
    },
  }),
  takesFeeCase("facilitator.token.takes-a-fee", byAuthorization),
  ...[...byPermit, byV1].map((way) => takesFeeCase(`facilitator.${way.name}.token-takes-a-fee`, way)),
];

function takesFeeCase(id: string, way: Omit<WayToPay, "name">): Case {
  const { what, needs, protocol, order: make } = way;
  return defineCase({
    id,
    requirement: "F-S-03",
    title: `${what} of which the payee got less than the amount is not reported as settled`,
    needs: ["chain-faults", ...needs],
    protocol,
    alone: true,
    control: (t) => settlesHonestly(t, way),
    probe: async (t) => {
      const order = await make(t);
      await t.whileBroken(
        { name: "token-takes-a-fee", forAll: true, debits: 2 },
        t.present("settle", order).expect(survived, truthful(t)),
      );
      await settlesHonestly(t, way);
    },
  });
}
