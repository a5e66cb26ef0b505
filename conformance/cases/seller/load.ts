import type { Hash } from "viem";
import { Difference, Exchange, Finding, field, givesAway, Unproven } from "../../engine/index.ts";
import {
  type Case,
  type Check,
  defineCase,
  type GroupCheck,
  provided,
  receipt,
  served,
  settled,
} from "../../engine/seller/index.ts";
import { deliveriesAmong } from "./deliveries.ts";
import { aSale } from "./sale.ts";

/** Paid requests of the rush, unless the run says how many, and how many of them are in flight at a time. */
const rush = { requests: 200, inFlight: 32 };

/** Buyers who are served at the same moment. */
const crowd = 24;

/** Couples of buyers of two things. */
const couples = 6;

/** Many buyers at once. */
export const loadCases: readonly Case[] = [
  defineCase({
    id: "seller.load.deliveries-equal-settlements",
    requirement: "S-AUD-01",
    protocol: "any",
    title: `Of ${rush.requests} paid requests, ${rush.inFlight} in flight, as many are settled as are delivered`,
    alone: true,
    control: aSale,
    probe: async (t) => {
      const payments = await t.prepareMany(t.context.rush ?? rush.requests);
      await t
        .allTogether(payments, rush.inFlight)
        .expect(settledAsDelivered(payments.length), withoutCrashes)
        .done();
    },
  }),
  defineCase({
    id: "seller.load.own-receipts",
    requirement: "S-ORD-08",
    protocol: "any",
    title: `Of ${crowd} buyers at once, each gets something, and the receipt of its own payment`,
    alone: true,
    control: aSale,
    probe: async (t) => {
      const sale = await t.context.sale(t.dialect.protocol);
      const hasBody = sale.kind === "sold" && sale.goods.answer.body !== "";
      const before = await t.context.ledger.now();
      const all = await t
        .allTogether(await t.prepareMany(crowd))
        .expect(settledAsDelivered(crowd))
        .done();
      const spent = await t.context.ledger.authorizationsUsedBy(t.payer.address, { after: before });
      const settledIn = new Map(spent.map(({ nonce, transaction }) => [nonce.toLowerCase(), transaction]));
      const buyers = all.filter(({ answer }) => answer.status < 300);
      if (buyers.length === 0) throw new Unproven(`None of ${crowd} paid requests was served.`);
      for (const buyer of buyers) {
        if (hasBody) await gotSomething(buyer);
        const own = settledIn.get(buyer.payment?.id.toLowerCase() ?? "");
        await provided(receipt(() => {}))(buyer);
        await receipt((r) => ofNoOther(field(r, "transaction"), own, settledIn))(buyer);
      }
      await withoutCrashes(all);
    },
  }),
  defineCase({
    id: "seller.load.own-goods",
    requirement: "S-ORD-08",
    protocol: "any",
    title: "Of two things that are bought at once, each buyer gets its own",
    needs: ["alsoPaid"],
    alone: true,
    control: (t) => t.buy({}, t.request("alsoPaid")).expect(served, settled(1)),
    probe: async (t) => {
      const requests = [t.paid, t.request("alsoPaid")];
      const goods: string[] = [];
      for (const request of requests)
        goods.push((await t.buy({}, request).expect(provided(served)).done()).answer.body);
      const turns = Array.from({ length: couples }, () => requests).flat();
      const payments = await Promise.all(turns.map((request) => t.prepare({}, request)));
      const buyAll = () =>
        Promise.all(payments.map((payment, place) => t.resend(payment, turns[place]).done()));
      const sales = await t.meeting(turns.length, new Exchange(buyAll)).done();
      for (const [place, { answer }] of sales.entries()) {
        const [own = "", other = ""] = place % 2 === 0 ? goods : goods.toReversed();
        if (answer.status >= 300 || !givesAway(other, answer.body, [own])) continue;
        throw new Finding("A buyer got what another one bought.", excerpt(own), excerpt(answer.body));
      }
    },
  }),
];

/**
 * As many transfers as deliveries; each of the `sent` requests that got no answer may have been settled, or not. A
 * seller that turns buyers away when it is busy breaks no rule; one that serves nobody shows nothing.
 */
function settledAsDelivered(sent: number): GroupCheck {
  return async (all) => {
    const [first] = all;
    const deliveries = deliveriesAmong(all);
    if (first === undefined || deliveries === 0)
      throw new Unproven(`None of ${sent} paid requests was served.`);
    await settled(deliveries, deliveries + sent - all.length)(first);
  };
}

/** Too busy is what a seller may be, if it says so: 503. Other statuses of a server's failure say that it did not cope. */
const withoutCrashes: GroupCheck = (all) => {
  const failed = all.filter(({ answer: { status } }) => status >= 500 && status !== 503);
  if (failed.length === 0) return;
  throw new Difference(
    "Some buyers who came at once met a failure of the seller.",
    "the content, or a refusal (503, 429) of a seller that is too busy",
    `${failed.length} of ${all.length} were answered with 5xx, e.g. ${failed[0]?.answer.status}`,
  );
};

const gotSomething: Check = ({ answer }) => {
  if (answer.body !== "") return;
  throw new Finding(
    "A buyer was charged, and got an empty answer.",
    "a body, as the first buyer got",
    "none",
  );
};

/** What a receipt names is not the transaction of somebody else's payment; whether it names one is judged elsewhere. */
function ofNoOther(named: unknown, own: Hash | undefined, settledIn: ReadonlyMap<string, Hash>): void {
  const isOfAnother = [...settledIn.values()].some((each) => each === String(named).toLowerCase());
  if (own === undefined || !isOfAnother || String(named).toLowerCase() === own) return;
  throw new Finding("A buyer got the receipt of another one.", own, String(named));
}

function excerpt(text: string): string {
  return JSON.stringify(text.slice(0, 120));
}
