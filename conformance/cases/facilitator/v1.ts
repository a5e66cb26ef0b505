import { isAddress, isAddressEqual } from "viem";
import {
  accepted,
  type Case,
  defineCase,
  moved,
  nothingBroadcast,
  type OrderChange,
  type ReplyCheck,
  refused,
  replies,
  truthful,
} from "../../engine/facilitator/index.ts";
import { describeJson, field } from "../../engine/index.ts";
import { stranger } from "./stranger.ts";

const protocol = "x402@1";

/** One thing wrong with a v1 payment that is otherwise honest. */
interface Flaw {
  /** Last part of the id. */
  readonly name: string;
  readonly requirement: string;
  readonly what: string;
  readonly changes: readonly OrderChange[];
}

const flaws: readonly Flaw[] = [
  {
    name: "underpaid-by-one",
    requirement: "F1-02",
    what: "A v1 payment of less than maxAmountRequired",
    changes: [
      { authorization: (a) => ({ ...a, value: a.value - 1n }) },
      { authorization: (a) => ({ ...a, value: 0n }) },
    ],
  },
  {
    name: "without-scheme-or-network",
    requirement: "F1-01",
    what: "A v1 payment without scheme or network at its top level",
    changes: [
      { paymentPayload: ({ scheme: _, ...payment }) => payment },
      { paymentPayload: ({ network: _, ...payment }) => payment },
    ],
  },
  {
    name: "for-another-scheme-or-network",
    requirement: "F1-01",
    what: "A v1 payment whose scheme or network is another than the requirements'",
    changes: [
      { paymentPayload: (payment) => ({ ...payment, scheme: "upto" }) },
      { paymentPayload: (payment) => ({ ...payment, network: "base" }) },
    ],
  },
  {
    name: "unsupported-scheme",
    requirement: "F-API-15",
    what: "A v1 payment of a scheme that is not supported, demanded as well,",
    changes: [{ terms: (terms) => ({ ...terms, scheme: "barter" }) }],
  },
  {
    name: "unsupported-network",
    requirement: "F-API-16",
    what: "A v1 payment for another network than it was signed for, demanded as well,",
    changes: ["base", "polygon", "somewhere"].map((network) => ({
      terms: (terms) => ({ ...terms, network }),
    })),
  },
  {
    name: "without-an-amount",
    requirement: "F1-01",
    what: "A v1 payment for requirements without maxAmountRequired",
    changes: [
      { terms: ({ maxAmountRequired: _, ...terms }) => terms },
      { terms: ({ maxAmountRequired: amount = "", ...terms }) => ({ ...terms, amount }) },
    ],
  },
  {
    name: "pays-another",
    requirement: "F-V-08",
    what: "A v1 payment to somebody else than payTo",
    changes: [{ authorization: (a) => ({ ...a, to: stranger }) }],
  },
  {
    name: "signed-by-a-stranger",
    requirement: "F-V-01",
    what: "A v1 payment that the payer did not sign",
    changes: [{ signedByStranger: true }],
  },
];

/** Facilitators that speak x402 v1, too. */
export const v1Cases: readonly Case[] = [
  defineCase({
    id: "facilitator.v1.settles",
    requirement: "F1-01",
    title: "A v1 payment, with scheme and network at its top level, verifies and is settled",
    protocol,
    probe: async (t) => {
      const order = await t.order();
      await t.present("verify", order).expect(accepted).done();
      await t.present("settle", order).expect(accepted, moved(1)).done();
    },
  }),
  defineCase({
    id: "facilitator.v1.names-the-payer",
    requirement: "F1-03",
    title: "A v1 settlement names the payer, and so does a failure",
    protocol,
    control: (t) => t.settle().expect(accepted, moved(1)),
    probe: async (t) => {
      await t.settle().expect(accepted, namesThePayer).done();
      await t
        .settle({ authorization: (a) => ({ ...a, value: a.value - 1n }) })
        .expect(refused(), namesThePayer)
        .done();
    },
  }),
  defineCase({
    id: "facilitator.v1.network-by-its-name",
    requirement: "F1-04",
    title: "A v1 settlement names the network as its requirements do",
    protocol,
    probe: (t) => t.settle().expect(accepted, namesTheNetwork),
  }),
  defineCase({
    id: "facilitator.v1.once",
    requirement: "F-S-04",
    title: "A v1 payment that is settled again moves nothing; whatever is answered names no second transfer",
    protocol,
    control: (t) => t.settle().expect(accepted, moved(1)),
    probe: async (t) => {
      const order = await t.order();
      await t.present("settle", order).expect(accepted, moved(1)).done();
      await t.present("settle", order).expect(moved(0), nothingBroadcast, truthful(t)).done();
    },
  }),
  ...(["verify", "settle"] as const).map((endpoint) =>
    defineCase({
      id: `facilitator.v1.state-to-${endpoint}`,
      requirement: endpoint === "verify" ? "F-V-18" : "F-S-06",
      title: `A v1 payment that only the chain shows to fail is refused by /${endpoint}`,
      protocol,
      control: (t) => t[endpoint]().expect(accepted),
      probe: async (t) => {
        const spent = await t.order();
        await t.spendOnChain(spent);
        await t.present(endpoint, spent).expect(refused(), nothingBroadcast, moved(0)).done();
        const payTo = await t.frozenPayee();
        await t[endpoint]({
          terms: (terms) => ({ ...terms, payTo }),
          authorization: (authorization) => ({ ...authorization, to: payTo }),
        })
          .expect(refused(), nothingBroadcast, moved(0))
          .done();
      },
    }),
  ),
  defineCase({
    id: "facilitator.v1.dropped",
    requirement: "F-S-02",
    title: "A v1 transfer that the node forgets is no success",
    protocol,
    needs: ["chain-faults", "restart"],
    alone: true,
    control: (t) => t.settle().expect(accepted, moved(1)),
    probe: (t) =>
      t.andRestart(() =>
        t.whileBroken({ name: "transaction-dropped", debits: 1 }, t.settle().expect(truthful(t))),
      ),
  }),
  ...flaws.map(({ name, requirement, what, changes }) =>
    defineCase({
      id: `facilitator.v1.${name}`,
      requirement,
      title: `${what} is refused by /verify and /settle`,
      protocol,
      control: (t) => t.settle().expect(accepted, moved(1)),
      probe: async (t) => {
        for (const change of changes) {
          await t.verify(change).expect(refused(), nothingBroadcast).done();
          await t.settle(change).expect(refused(), nothingBroadcast, moved(0)).done();
        }
      },
    }),
  ),
];

const namesThePayer: ReplyCheck = (reply) =>
  replies("payer", String(reply.order?.payer), (value) => {
    const payer = reply.order?.payer;
    return (
      payer !== undefined && typeof value === "string" && isAddress(value) && isAddressEqual(value, payer)
    );
  })(reply);

const namesTheNetwork: ReplyCheck = (reply) => {
  const network = field(field(reply.order?.body, "paymentRequirements"), "network");
  return replies("network", describeJson(network), (value) => value === network)(reply);
};
