import {
  accepted,
  type Breakage,
  type Case,
  couldNotTell,
  defineCase,
  expectVerified,
  moved,
  tellsNothing,
} from "../../engine/facilitator/index.ts";
import { byAuthorization, byV1, type WayToPay, waysToPay } from "./ways-to-pay.ts";

/** A way for the node not to answer. */
interface Outage {
  readonly name: string;
  readonly fault: Breakage;
  readonly what: string;
}

const outages: readonly Outage[] = [
  { name: "node-is-down", fault: { name: "rpc-down", forAll: true }, what: "hangs up" },
  { name: "node-limits-calls", fault: { name: "rpc-rate-limited" }, what: "refuses calls as too many" },
  { name: "node-answers-429", fault: { name: "rpc-429", forAll: true }, what: "answers 429" },
];

/** What is told while the node does not answer: that it could not be found out, and nothing of internals. */
export const outageCases: readonly Case[] = [
  ...outages.flatMap((outage) => waysDuring(outage).flatMap((way) => casesDuring(outage, way))),
  defineCase({
    id: "facilitator.chain.verifies-after-an-outage",
    requirement: "F-S-10",
    protocol: "any",
    title: "A payment that could not be verified while the node did not answer verifies after it",
    needs: ["chain-faults"],
    control: (t) => t.verify().expect(accepted),
    probe: async (t) => {
      const order = await t.order();
      await t.whileBroken({ name: "rpc-rate-limited" }, t.present("verify", order));
      await expectVerified(t, order);
    },
  }),
  defineCase({
    id: "facilitator.chain.outage-tells-nothing-of-internals",
    requirement: "F-API-21",
    protocol: "any",
    title: "An outage of the node tells nothing of keys, files, stack traces or the node's address",
    needs: ["chain-faults", "restart"],
    alone: true,
    control: (t) => t.verify().expect(accepted),
    probe: (t) =>
      t.andRestart(async () => {
        const innocent = tellsNothing(t);
        for (const endpoint of ["verify", "settle"] as const)
          await t.whileBroken({ name: "rpc-down", forAll: true }, t[endpoint]().expect(innocent));
        for (const fault of afterwards) await t.whileBroken(fault, t.settle().expect(innocent));
      }),
  }),
];

/** Outages that begin when everything was found to be good. */
const afterwards: readonly Breakage[] = [
  { name: "rpc-send-refused", debits: 1 },
  { name: "rpc-gas-unpaid", debits: 1 },
  { name: "rpc-answer-lost", forAll: true, debits: 1 },
];

/** What befalls everybody is tried alone, and of one way to pay. */
function waysDuring({ fault }: Outage): readonly WayToPay[] {
  return fault.forAll
    ? [{ ...byAuthorization, name: "chain", protocol: "any" }]
    : [...waysToPay("chain"), byV1];
}

function casesDuring({ name, fault, what }: Outage, way: WayToPay): readonly Case[] {
  return (["verify", "settle"] as const).map((endpoint) =>
    defineCase({
      id: `facilitator.${way.name}.${endpoint}-while-${name}`,
      requirement: "F-S-10",
      title: `${way.what}: /${endpoint} says that it could not tell while the node ${what}, and goes on after it`,
      needs: ["chain-faults", ...way.needs],
      protocol: way.protocol,
      alone: fault.forAll === true,
      control: async (t) => {
        await t
          .present(endpoint, await way.order(t))
          .expect(accepted)
          .done();
      },
      probe: async (t) => {
        const order = await way.order(t);
        await t.whileBroken(fault, t.present(endpoint, order).expect(couldNotTell, moved(0)));
        await t
          .present(endpoint, await way.order(t))
          .expect(accepted)
          .done();
      },
    }),
  );
}
