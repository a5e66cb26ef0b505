import {
  accepted,
  type Case,
  defineCase,
  type Merchant,
  moved,
  nothingBroadcast,
  type OrderChange,
  refused,
} from "../../engine/facilitator/index.ts";
import { atPrice } from "./price.ts";
import { stranger } from "./stranger.ts";

/** One way to pay, honestly signed, something else than what was demanded. */
interface Flaw {
  /** Last part of the ids of the two cases: one asks /verify, the other /settle. */
  readonly name: string;
  readonly requirement: string;
  /** What is refused. */
  readonly what: string;
  readonly changes: (t: Merchant) => Promise<readonly OrderChange[]>;
}

/** One more than the largest odd number that a double can hold, in atomic units: a cent of many tokens. */
const beyondDoubles = 2n ** 53n + 1n;

const flaws: readonly Flaw[] = [
  {
    name: "accepted-less-and-paid-it",
    requirement: "F-V-06",
    what: "A payment of what the buyer says to have accepted, and the requirements do not demand,",
    changes: async (t) => {
      const asset = await t.worthlessToken();
      return [
        {
          accepted: (entry) => ({ ...entry, amount: "1" }),
          authorization: (authorization) => ({ ...authorization, value: 1n }),
        },
        {
          accepted: (entry) => ({ ...entry, payTo: stranger }),
          authorization: (authorization) => ({ ...authorization, to: stranger }),
        },
        {
          accepted: (entry) => ({ ...entry, asset }),
          domain: (domain) => ({ ...domain, verifyingContract: asset }),
        },
      ];
    },
  },
  {
    name: "demanded-in-another-token",
    requirement: "F-V-11",
    what: "A payment in the usual token where another one was demanded and accepted",
    changes: async (t) => {
      const asset = await t.worthlessToken();
      return [{ terms: (terms) => ({ ...terms, asset }) }];
    },
  },
  {
    name: "underpaid-by-one-in-many",
    requirement: "F-V-06",
    what: "A payment of one atomic unit less than a price that no double can hold",
    changes: async (t) => {
      await t.fund(beyondDoubles);
      return [
        {
          terms: (terms) => atPrice(terms, String(beyondDoubles)),
          authorization: (authorization) => ({ ...authorization, value: beyondDoubles - 1n }),
        },
      ];
    },
  },
];

/** What was demanded is what has to be paid, whatever else is said and however much it is. */
export const termsCases: readonly Case[] = flaws.flatMap(({ name, requirement, what, changes }) =>
  (["verify", "settle"] as const).map((endpoint) =>
    defineCase({
      id: `facilitator.${endpoint}.${name}`,
      requirement: endpoint === "verify" ? requirement : "F-S-06",
      title: `${what} is refused by /${endpoint}`,
      control: (t) => t[endpoint]().expect(accepted),
      probe: async (t) => {
        for (const change of await changes(t))
          await t[endpoint](change).expect(refused(), nothingBroadcast, moved(0)).done();
      },
    }),
  ),
);
