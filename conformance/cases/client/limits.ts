import {
  type Case,
  type Check,
  type Conduct,
  defineCase,
  type Need,
  paymentsOf,
  type Shop,
  signedNothing,
  words,
} from "../../engine/client/index.ts";
import { Difference, type JsonObject } from "../../engine/index.ts";

/** A way to be asked, and what an entry's price is called there. */
interface WayToAsk {
  /** How the ids of its cases begin. */
  readonly prefix: string;
  readonly what: string;
  readonly protocol: NonNullable<Case["protocol"]>;
  readonly price: "amount" | "maxAmountRequired";
  readonly needs: readonly Need[];
  readonly conduct: Pick<Conduct, "byPermit2">;
}

const ways: readonly WayToAsk[] = [
  {
    prefix: "client.limits.",
    what: "price",
    protocol: "x402@2",
    price: "amount",
    needs: [],
    conduct: {},
  },
  {
    prefix: "client.v1.limits-",
    what: "v1 price",
    protocol: "x402@1",
    price: "maxAmountRequired",
    needs: [],
    conduct: {},
  },
  {
    prefix: "client.permit2.limits-",
    what: "price that a permit pays",
    protocol: "x402@2",
    price: "amount",
    needs: ["pays-permit2"],
    conduct: { byPermit2: "exact" },
  },
  {
    prefix: "client.upto.limits-",
    what: "bound of upto",
    protocol: "x402@2",
    price: "amount",
    needs: ["pays-upto"],
    conduct: { byPermit2: "upto" },
  },
];

/** Prices at the very limit that the client is set to. */
export const limitCases: readonly Case[] = ways.flatMap(
  ({ prefix, what, protocol, price, needs, conduct }) => {
    const asking = (t: Shop, amount: bigint) =>
      t.sells({
        ...conduct,
        asks: { entry: (entry: JsonObject) => ({ ...entry, [price]: String(amount) }) },
      });
    const common = { requirement: "C-PAY-22", protocol, needs: ["has-limit" as const, ...needs] };
    return [
      defineCase({
        ...common,
        id: `${prefix}over-by-one`,
        title: `A ${what} of one unit more than the client's limit is not paid`,
        probe: (t) => asking(t, t.limit + 1n).expect(signedNothing),
      }),
      defineCase({
        ...common,
        id: `${prefix}met`,
        title: `A ${what} that meets the client's limit is paid`,
        probe: (t) => asking(t, t.limit).expect(paysIt),
      }),
    ];
  },
);

/** Whoever refuses more than they must loses a purchase, and no money. */
const paysIt: Check = (observed) => {
  if (paymentsOf(observed).length > 0) return;
  throw new Difference("The client does not pay what its limit allows.", "a payment", words(observed));
};
