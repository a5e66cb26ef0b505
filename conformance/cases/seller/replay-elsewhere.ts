import { NotApplicable } from "../../engine/index.ts";
import {
  type ApiRequest,
  type Case,
  defineCase,
  type Payment,
  provided,
  refused,
  settled,
  type Trader,
  turnedAway,
} from "../../engine/seller/index.ts";
import { chargedForDeliveries, deliveredAtMostOnce, deliveriesAmong, withoutName } from "./deliveries.ts";
import { aSale } from "./sale.ts";

/** Seconds that a short authorization lives: long enough to be settled, short enough to be outlived. */
const shortLife = 30n;

/** A payment that was used is presented somewhere else, or at another time. */
export const replayElsewhereCases: readonly Case[] = [
  defineCase({
    id: "seller.replay.other-query",
    requirement: "S-RPL-01",
    title: "A settled payment buys nothing on the same route with another query",
    control: aSale,
    probe: async (t) => {
      const used = withoutName(t.lastPayment);
      await t
        .resend(used, await soldWithAnotherQuery(t))
        .expect(turnedAway)
        .done();
    },
  }),
  defineCase({
    id: "seller.replay.other-method",
    requirement: "S-RPL-01",
    title: "A settled payment buys nothing with another method",
    control: aSale,
    probe: async (t) => {
      const used = withoutName(t.lastPayment);
      for (const request of await guardedMethods(t)) await t.resend(used, request).expect(turnedAway).done();
    },
  }),
  defineCase({
    id: "seller.replay.other-route-at-the-same-price",
    requirement: "S-RPL-01",
    title: "A settled payment buys nothing on another route that costs the same",
    control: aSale,
    probe: async (t) => {
      const used = withoutName(t.lastPayment);
      const other = await soldElsewhere(t, "the same", (amount) => amount === used.amount);
      await t.resend(used, other).expect(turnedAway).done();
    },
  }),
  defineCase({
    id: "seller.replay.other-route-at-another-price",
    requirement: "S-RPL-01",
    title: "A settled payment buys nothing on another route that costs something else",
    control: aSale,
    probe: async (t) => {
      const used = withoutName(t.lastPayment);
      const other = await soldElsewhere(t, "something else", (amount) => amount !== used.amount);
      await t.resend(used, other).expect(turnedAway).done();
    },
  }),
  defineCase({
    id: "seller.replay.after-a-failed-handler",
    requirement: "S-RPL-01",
    title: "A payment whose handler failed buys at most once after that",
    needs: ["failing", "authorization-flow"],
    control: aSale,
    probe: async (t) => {
      const payment = withoutName(await t.prepare({}, t.request("failing")));
      await t
        .resend(payment, t.request("failing"))
        .expect(provided(refused), provided(settled(0)))
        .done();
      const again = await t.resend(payment).done();
      const oncemore = await t.resend(payment).done();
      deliveredAtMostOnce([again, oncemore]);
      await chargedForDeliveries([again, oncemore]);
    },
  }),
  defineCase({
    id: "seller.replay.after-expiry",
    requirement: "S-RPL-01",
    title: "A settled payment buys nothing after its authorization expired",
    alone: true,
    control: aSale,
    probe: async (t) => {
      const payment = withoutName(await soldForAShortAuthorization(t));
      await t.outlive(payment);
      await t.resend(payment).expect(turnedAway).done();
    },
  }),
];

/** The paid request with another value in its query, which the seller sells, too. */
async function soldWithAnotherQuery(t: Trader): Promise<ApiRequest> {
  if (!/\?.*=/.test(t.paid.target)) throw new NotApplicable("The paid request has no query to change.");
  return sold(t, { ...t.paid, target: `${t.paid.target}x` });
}

/** Another paid request that was given, if it is sold at a price that `isRight`. */
async function soldElsewhere(
  t: Trader,
  price: string,
  isRight: (amount: bigint) => boolean,
): Promise<ApiRequest> {
  const { alsoPaid, streaming } = t.context.subject.requests;
  for (const request of [alsoPaid, streaming]) {
    if (request === undefined) continue;
    const { amount } = await t.prepare({}, request);
    if (isRight(amount)) return sold(t, request);
  }
  throw new NotApplicable(
    `give one with --also-paid or --streaming: another paid request that costs ${price}`,
  );
}

async function sold(t: Trader, request: ApiRequest): Promise<ApiRequest> {
  const observed = await t.buy({}, request).done();
  if (deliveriesAmong([observed]) === 0)
    throw new NotApplicable(`The seller does not sell ${request.method} ${request.target}.`);
  // A settlement that comes late must not be taken for one of the request that follows.
  await provided(settled(1))(observed);
  return request;
}

/** The paid target with methods that do not answer it for nothing. */
async function guardedMethods(t: Trader): Promise<ApiRequest[]> {
  const guarded: ApiRequest[] = [];
  for (const method of ["GET", "POST", "PUT"].filter((other) => other !== t.paid.method)) {
    const { answer } = await t.ask({ ...t.paid, method }).done();
    if (answer.status >= 400) guarded.push({ ...t.paid, method });
  }
  if (guarded.length > 0) return guarded;
  throw new NotApplicable("Every other method answers for nothing.");
}

async function soldForAShortAuthorization(t: Trader): Promise<Payment> {
  const validBefore = (await t.chainTime()) + shortLife;
  const short = t.buy({ authorization: (honest) => ({ ...honest, validBefore }) });
  if (deliveriesAmong([await short.done()]) > 0) return t.lastPayment;
  throw new NotApplicable(`The seller takes no authorization that ends in ${shortLife} seconds.`);
}
