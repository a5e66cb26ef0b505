import { field, NotApplicable, objectOf } from "../../engine/index.ts";
import {
  type ApiRequest,
  type Case,
  defineCase,
  type PermitChange,
  type PermitMethod,
  type PermitPayment,
  rewrapped,
  type Trader,
  trying,
  turnedAway,
} from "../../engine/seller/index.ts";
import { leads, nameOf, soldByPermit } from "./permit-sale.ts";
import { lessThan, stranger } from "./tampering.ts";

/** The buyer claims to have accepted other terms than were offered, and permits what it claims. */
interface Claim {
  /** Last part of the ids of its cases. */
  readonly name: string;
  readonly requirement: string;
  readonly what: string;
  readonly change: (t: Trader, method: PermitMethod) => PermitChange | Promise<PermitChange>;
}

const claims: readonly Claim[] = [
  {
    name: "amount-lowered",
    requirement: "S-PAY-09",
    what: "A permit for a lower amount than was asked for, which is named as the accepted one,",
    change: (t) => ({
      accepted: (entry) => ({ ...entry, amount: String(lessThan(t, BigInt(String(entry.amount)))) }),
      permit: (p) => ({ ...p, permitted: { ...p.permitted, amount: lessThan(t, p.permitted.amount) } }),
    }),
  },
  {
    name: "pay-to-another",
    requirement: "S-PAY-11",
    what: "A permit that pays somebody else, who is named as the accepted payee,",
    change: () => ({
      accepted: (entry) => ({ ...entry, payTo: stranger }),
      permit: (p) => ({ ...p, witness: { ...p.witness, to: stranger } }),
    }),
  },
  {
    name: "worthless-asset",
    requirement: "S-PAY-12",
    what: "A permit for a token that is worth nothing, which is named as the accepted one,",
    change: async (t) => {
      const token = await t.holdWorthlessToken();
      await t.allowPermit2ToTake(token);
      return {
        accepted: (entry) => ({ ...entry, asset: token }),
        permit: (p) => ({ ...p, permitted: { ...p.permitted, token } }),
      };
    },
  },
  {
    name: "other-network",
    requirement: "S-PAY-13",
    what: "A permit that names another network than was asked for",
    change: () => ({ accepted: (entry) => ({ ...entry, network: "eip155:1" }) }),
  },
  {
    name: "other-scheme",
    requirement: "S-PAY-14",
    what: "A permit of the other scheme, which is named as the accepted one,",
    change: ({ context }, method) => {
      const scheme = method === "upto" ? "exact" : "upto";
      const assetTransferMethod = "permit2";
      const facilitatorAddress = context.sandbox.accounts.facilitator.address;
      return {
        scheme,
        accepted: (entry) => ({
          ...entry,
          scheme,
          extra: { ...objectOf(entry.extra), assetTransferMethod, facilitatorAddress },
        }),
      };
    },
  },
];

/** Permits on other terms than the seller's. */
export function permitTermsCases(method: PermitMethod): readonly Case[] {
  const common = { needs: [method], control: soldByPermit(method) } as const;
  return [
    ...claims.map(({ name, requirement, what, change }) =>
      defineCase({
        ...common,
        id: `seller.${method}.${name}`,
        requirement,
        title: `${leads[method]}: ${what} is refused`,
        probe: async (t) => {
          await t
            .buyByPermit(method, await change(t, method))
            .expect(turnedAway)
            .done();
        },
      }),
    ),
    defineCase({
      ...common,
      id: `seller.${method}.unspent-permit-elsewhere`,
      requirement: "S-PAY-27",
      title: `${leads[method]}: A permit made for one route does not open another that asks for something else`,
      probe: async (t) => {
        const own = await t.permitRequest(method);
        const permit = await t.preparePermit(method, {}, own);
        for (const request of await routesOnOtherTerms(t, permit)) {
          for (const payment of [permit, withoutResource(permit)])
            await t
              .resend(payment, request)
              .expect(trying(nameOf(request), turnedAway))
              .done();
        }
      },
    }),
  ];
}

/** Paid requests that do not ask for such a payment as this one is. */
async function routesOnOtherTerms(t: Trader, permit: PermitPayment): Promise<readonly ApiRequest[]> {
  const { paid, alsoPaid, streaming, permit2, upto = [] } = t.context.subject.requests;
  const named = [paid, alsoPaid, streaming, permit2, ...upto].filter((request) => request !== undefined);
  const others: ApiRequest[] = [];
  for (const request of named) {
    const entries = await t.context.entriesOf(request);
    const asksForThis = entries.some(
      (entry) =>
        field(entry, "scheme") === permit.scheme &&
        String(field(entry, "amount")) === String(permit.amount) &&
        String(field(entry, "payTo")).toLowerCase() === permit.payTo.toLowerCase(),
    );
    if (entries.length > 0 && !asksForThis) others.push(request);
  }
  if (others.length > 0) return others;
  throw new NotApplicable("Everything that was named asks for the same payment; give one at another price.");
}

/** The same payment, which does not say what it was made for, as it need not. */
function withoutResource(permit: PermitPayment): PermitPayment {
  return rewrapped(permit, ({ resource: _, ...envelope }) => envelope);
}
