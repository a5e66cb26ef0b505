import { NotApplicable } from "../../engine/index.ts";
import {
  type ApiRequest,
  asDifference,
  type Case,
  charged,
  defineCase,
  type GroupCheck,
  isChargedNothing,
  type PermitChange,
  type PermitMethod,
  type PermitPayment,
  provided,
  refused,
  rewrapped,
  served,
  settled,
  type Trader,
  trying,
  turnedAway,
} from "../../engine/seller/index.ts";
import { deliveredAtMostOnce, withoutName } from "./deliveries.ts";
import { aPermitSale, leads, nameOf, nothingIsCharged, soldByPermit } from "./permit-sale.ts";
import { inPayload, objectAt } from "./spellings.ts";
import { withOneBitTurned } from "./tampering.ts";

/** One permit buys once, for its payer, and another buyer's is another. */
export function permitReplayCases(method: PermitMethod): readonly Case[] {
  const lead = leads[method];
  const common = { needs: [method], control: soldByPermit(method) } as const;
  return [
    defineCase({
      ...common,
      id: `seller.${method}.same-permit-twice`,
      requirement: "S-RPL-01",
      title: `${lead}: A settled permit buys nothing the second time`,
      probe: async (t) => {
        const used = (await boughtOf(t, method)).filter(({ isFree }) => !isFree);
        if (used.length === 0) throw new NotApplicable(nothingIsCharged);
        for (const bought of used) await isWorthless(t, bought);
      },
    }),
    defineCase({
      id: `seller.${method}.permit-elsewhere`,
      requirement: "S-RPL-01",
      title: `${lead}: A settled permit buys nothing with another query, and on no other route`,
      needs: [method],
      control: aPermitSale(method),
      probe: async (t) => {
        const permit = withoutName(t.lastPermit);
        for (const request of await elsewhere(t, method))
          await isWorthless(t, { permit, request, isFree: false });
      },
    }),
    defineCase({
      ...common,
      id: `seller.${method}.eight-at-once`,
      requirement: "S-RPL-02",
      title: `${lead}: One permit sent eight times at once is delivered and settled once`,
      probe: async (t) => {
        const payment = withoutName(await t.preparePermit(method));
        await atOnce(t, method, Array<PermitPayment>(8).fill(payment));
      },
    }),
    defineCase({
      ...common,
      id: `seller.${method}.nonce-with-zeros`,
      requirement: "S-RPL-01",
      title: `${lead}: A used permit buys nothing when its nonce is written with zeros before it`,
      probe: async (t) => {
        for (const bought of await boughtOf(t, method, withShortNonce))
          for (const zeros of [1, 2])
            await isWorthless(t, { ...bought, permit: withZeros(bought.permit, zeros) });
      },
    }),
    defineCase({
      ...common,
      id: `seller.${method}.nonce-with-zeros-at-once`,
      requirement: "S-RPL-02",
      title: `${lead}: One permit sent at once with its nonce written in eight ways is delivered and settled once`,
      probe: async (t) => {
        const payment = withoutName(await t.preparePermit(method, withShortNonce));
        const spellings = Array.from({ length: 8 }, (_, zeros) => withZeros(payment, zeros));
        await atOnce(t, method, spellings);
      },
    }),
    defineCase({
      ...common,
      id: `seller.${method}.same-nonce-of-another-payer`,
      requirement: "S-ORD-08",
      title: `${lead}: A buyer whose permit has the nonce of another buyer's is served like any other`,
      control: aPermitSale(method),
      probe: async (t) => {
        const other = await t.another();
        await other.buyByPermit(method).expect(provided(served), provided(charged)).done();
        const { nonce } = other.lastPermit.permit;
        await t
          .buyByPermit(method, { permit: (p) => ({ ...p, nonce }) })
          .expect(served, charged)
          .done();
      },
    }),
    defineCase({
      ...common,
      id: `seller.${method}.forged-copy-spends-nothing`,
      requirement: "S-ORD-08",
      title: `${lead}: A permit buys although somebody sent it before under a forged signature`,
      control: aPermitSale(method),
      probe: async (t) => {
        const request = await t.permitRequest(method);
        const payment = await t.preparePermit(method, {}, request);
        const forge = inPayload((payload) => ({
          ...payload,
          signature: withOneBitTurned(payment.signature),
        }));
        await t.resend(rewrapped(payment, forge), request).expect(provided(refused)).done();
        await t.resend(payment, request).expect(served, charged).done();
      },
    }),
  ];
}

/** A permit that was charged nothing is used all the same. */
export const unchargedPermitTwice: Case = defineCase({
  id: "seller.upto.uncharged-permit-twice",
  requirement: "S-RPL-01",
  title: "upto: A permit that was charged nothing buys nothing the second time",
  needs: ["upto"],
  control: soldByPermit("upto"),
  probe: async (t) => {
    const used = (await boughtOf(t, "upto")).filter(({ isFree }) => isFree);
    if (used.length === 0)
      throw new NotApplicable(
        "Nothing that was named is charged 0; give a request that is with another --upto.",
      );
    for (const bought of used) await isWorthless(t, bought);
  },
});

/** Leaves room for zeros: some sellers take no more digits than the largest nonce has. */
const withShortNonce: PermitChange = { permit: (p) => ({ ...p, nonce: p.nonce >> 64n }) };

/** A permit that has bought a request, and whether that cost anything. */
interface Bought {
  readonly permit: PermitPayment;
  readonly request: ApiRequest;
  readonly isFree: boolean;
}

/** Buys every request that is paid so. */
async function boughtOf(
  t: Trader,
  method: PermitMethod,
  change: PermitChange = {},
): Promise<readonly Bought[]> {
  const bought: Bought[] = [];
  for (const request of await t.context.permitRequests(method)) {
    const { payment, answer } = await t
      .buyByPermit(method, change, request)
      .expect(provided(served), provided(charged))
      .done();
    bought.push({ permit: withoutName(t.lastPermit), request, isFree: isChargedNothing(payment, answer) });
  }
  return bought;
}

/**
 * A permit buys nothing more. Where it was charged nothing, nobody loses by it, and whether it was settled the
 * specification does not say: that is worth a warning.
 */
async function isWorthless(t: Trader, { permit, request, isFree }: Bought): Promise<void> {
  const check = trying(nameOf(request), turnedAway);
  await t
    .resend(permit, request)
    .expect(isFree ? asDifference(check) : check)
    .done();
}

async function atOnce(t: Trader, method: PermitMethod, permits: readonly PermitPayment[]): Promise<void> {
  const request = await t.permitRequest(method);
  await t
    .meeting(permits.length, t.allTogether(permits, permits.length, request))
    .expect(deliveredAtMostOnce, chargedForTheOne)
    .done();
}

/** Where a permit that was used must be worth nothing: its own route with another query, and the other paid one. */
async function elsewhere(t: Trader, method: PermitMethod): Promise<readonly ApiRequest[]> {
  const own = await t.permitRequest(method);
  const changed = { ...own, target: `${own.target}1` };
  const isSold = /\?.*=/.test(own.target) && (await t.context.methodsOf(changed)).includes(method);
  const isOther = own.target !== t.paid.target || own.method !== t.paid.method;
  const requests = [...(isSold ? [changed] : []), ...(isOther ? [t.paid] : [])];
  if (requests.length > 0) return requests;
  throw new NotApplicable("The seller sells nothing else, and has no query to change.");
}

/** The same permit, its nonce written with so many zeros before it. */
function withZeros(permit: PermitPayment, zeros: number): PermitPayment {
  const spelled = `${"0".repeat(zeros)}${permit.id}`;
  return rewrapped(
    permit,
    inPayload((payload) => ({
      ...payload,
      permit2Authorization: { ...objectAt(payload, "permit2Authorization"), nonce: spelled },
    })),
  );
}

/** Charged for what was delivered, and not at all where nothing was. */
const chargedForTheOne: GroupCheck = async (all) => {
  const [first] = all;
  const sold = all.find(({ answer }) => answer.status < 300);
  if (first !== undefined) await (sold === undefined ? settled(0)(first) : charged(sold));
};
