import { type AcceptsEntry, type Authorization, NotApplicable } from "../../engine/index.ts";
import {
  type ApiRequest,
  type Case,
  defineCase,
  type Payment,
  rewrapped,
  served,
  settled,
  type Trader,
  trying,
  turnedAway,
} from "../../engine/seller/index.ts";

/** Two paid requests, of which one costs more. */
interface TwoPrices {
  readonly cheap: ApiRequest;
  readonly dear: ApiRequest;
}

/**
 * Ways to pay the cheap price for the dear request, all of them fresh and well signed. A seller that refuses one for the
 * resource that it names may still know the cheap price from its list, so that another must be tried.
 */
const waysToPayLess: Readonly<Record<string, (t: Trader, requests: TwoPrices) => Promise<Payment>>> = {
  "as it was made": (t, { cheap }) => t.prepare({}, cheap),
  "without saying what it is for": async (t, { cheap }) =>
    rewrapped(await t.prepare({}, cheap), ({ resource: _, extensions: __, ...envelope }) => envelope),
  "in the name of the dearer one": async (t, { cheap, dear }) => {
    const { entry, amount, payTo } = await t.prepare({}, cheap);
    return t.prepare({ accepted: () => entry, authorization: paying({ value: amount, to: payTo }) }, dear);
  },
  "on the terms of the dearer one, but for the price": async (t, { cheap, dear }) => {
    const { amount } = await t.prepare({}, cheap);
    const accepted = (entry: AcceptsEntry) => ({ ...entry, amount: String(amount) });
    return t.prepare({ accepted, authorization: paying({ value: amount }) }, dear);
  },
};

/** What costs little buys nothing that costs more. */
export const replayDearerCases: readonly Case[] = [
  defineCase({
    id: "seller.replay.dearer-route",
    requirement: "S-PAY-27",
    title: "A payment of what another route costs does not buy a dearer one, whatever it says it is for",
    needs: ["alsoPaid"],
    control: async (t) => {
      await t.buy().expect(served, settled(1)).done();
      await t.buy({}, t.request("alsoPaid")).expect(served, settled(1)).done();
    },
    probe: async (t) => {
      const requests = await byPrice(t);
      for (const [way, pay] of Object.entries(waysToPayLess)) {
        const payment = await pay(t, requests);
        await t.resend(payment, requests.dear).expect(trying(way, turnedAway)).done();
      }
    },
  }),
];

function paying(terms: Partial<Authorization>): (honest: Authorization) => Authorization {
  return (honest) => ({ ...honest, ...terms });
}

async function byPrice(t: Trader): Promise<TwoPrices> {
  const other = t.request("alsoPaid");
  const [one, another] = [await t.prepare(), await t.prepare({}, other)];
  if (one.amount === another.amount)
    throw new NotApplicable("Both routes cost the same; give one at another price with --also-paid.");
  return one.amount < another.amount ? { cheap: t.paid, dear: other } : { cheap: other, dear: t.paid };
}
