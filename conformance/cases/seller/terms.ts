import { type AcceptsEntry, field, type Json, type JsonObject, objectOf } from "../../engine/index.ts";
import {
  type Case,
  defineCase,
  type PaymentChange,
  served,
  settled,
  turnedAway,
} from "../../engine/seller/index.ts";
import { aSale } from "./sale.ts";
import { eachEitherWay, lessThan, moreThan, stranger, type Tampering, tampered } from "./tampering.ts";

/** The buyer claims to have accepted other terms than were offered, and pays and signs what it claims. */
const claims: readonly Tampering[] = [
  {
    id: "seller.terms.amount-lowered",
    requirement: "S-PAY-09",
    title: "A payment that names a lower amount than was asked for is refused",
    change: (t) => paying((price) => lessThan(t, price)),
  },
  {
    id: "seller.terms.amount-zero",
    requirement: "S-PAY-09",
    title: "A payment of nothing is refused",
    change: paying(() => 0n),
  },
  {
    id: "seller.terms.amount-raised",
    requirement: "S-PAY-10",
    title: "A payment that names a higher amount than was asked for is refused",
    change: (t) => paying((price) => moreThan(t, price)),
  },
  {
    id: "seller.terms.pay-to-another",
    requirement: "S-PAY-11",
    title: "A payment to somebody else is refused",
    change: {
      accepted: (entry) => ({ ...entry, payTo: stranger }),
      authorization: (a) => ({ ...a, to: stranger }),
    },
  },
  {
    id: "seller.terms.other-network",
    requirement: "S-PAY-13",
    title: "A payment that names another network than was asked for is refused",
    change: { accepted: (entry) => ({ ...entry, network: "eip155:1" }) },
  },
  {
    id: "seller.terms.other-scheme",
    requirement: "S-PAY-14",
    title: "A payment that names another scheme than was asked for is refused",
    change: { accepted: (entry) => ({ ...entry, scheme: "upto" }) },
  },
  {
    id: "seller.terms.timeout-changed",
    requirement: "S-PAY-17",
    title: "A payment that names another `maxTimeoutSeconds` than was asked for is refused",
    change: { accepted: (entry) => ({ ...entry, maxTimeoutSeconds: Number(entry.maxTimeoutSeconds) + 1 }) },
  },
  {
    id: "seller.terms.extra-left-out",
    requirement: "S-PAY-17",
    title: "A payment that leaves out a key of `extra` is refused",
    change: { accepted: (entry) => withExtra(entry, ({ name: _, ...extra }) => extra) },
  },
  {
    id: "seller.terms.other-transfer-method",
    requirement: "S-PAY-23",
    title: "A payment by another transfer method than was asked for is refused",
    change: {
      accepted: (entry) => withExtra(entry, (extra) => ({ ...extra, assetTransferMethod: "permit2" })),
      envelope: asPermit2,
    },
  },
  {
    id: "seller.terms.other-resource",
    requirement: "S-PAY-18",
    title: "A payment that names another resource than was requested is refused",
    change: {
      envelope: (payment) => ({
        ...payment,
        resource: { url: "https://elsewhere.example/of-another-seller" },
      }),
    },
  },
];

/** What a seller may not mind: the payment still pays what was asked for. */
const harmless: readonly (Tampering & { readonly change: PaymentChange })[] = [
  {
    id: "seller.terms.extra-added",
    requirement: "S-PAY-17",
    title: "A payment that adds a key to `extra` is taken",
    change: { accepted: (entry) => withExtra(entry, (extra) => ({ ...extra, note: "of the buyer" })) },
  },
  {
    id: "seller.terms.resource-left-out",
    requirement: "S-PAY-18",
    title: "A payment that does not repeat `resource`, which it need not, is taken",
    change: { envelope: ({ resource: _, ...payment }) => payment },
  },
  {
    id: "seller.terms.unknown-extension",
    requirement: "S-PAY-20",
    title: "A payment with an extension that the seller does not know is taken",
    change: {
      envelope: (payment) => ({
        ...payment,
        extensions: { ...objectOf(payment.extensions), "x402-assay-unknown": { info: {} } },
      }),
    },
  },
];

/** Payments on other terms than the seller's. */
export const termsCases: readonly Case[] = [
  ...claims.map(tampered),
  ...harmless.map(({ change, ...definition }) =>
    defineCase({
      ...definition,
      control: aSale,
      probe: (t) => t.buy(change).expect(served, settled(1)),
    }),
  ),
  eachEitherWay({
    id: "seller.terms.asset-in-another-letter-case",
    requirement: "S-PAY-16",
    title: "An asset or payee spelled in other letter case is the same one or refused",
    changes: {
      "asset in lower case": { accepted: (entry) => ({ ...entry, asset: lowerCase(entry.asset) }) },
      "payTo in lower case": { accepted: (entry) => ({ ...entry, payTo: lowerCase(entry.payTo) }) },
    },
  }),
  eachEitherWay({
    id: "seller.terms.other-payment-flow",
    requirement: "S-PAY-23",
    title: "A payment that names another payment flow is refused, or charged as any other",
    changes: {
      upfront: { accepted: (entry) => withExtra(entry, (extra) => ({ ...extra, paymentFlow: "upfront" })) },
      escrow: { accepted: (entry) => withExtra(entry, (extra) => ({ ...extra, paymentFlow: "escrow" })) },
    },
  }),
  defineCase({
    id: "seller.terms.worthless-asset",
    requirement: "S-PAY-12",
    title: "A payment in another token, worthless but otherwise the same, is refused",
    control: aSale,
    probe: async (t) => {
      const worthless = await t.holdWorthlessToken();
      await t
        .buy({
          accepted: (entry) => ({ ...entry, asset: worthless }),
          domain: (domain) => ({ ...domain, verifyingContract: worthless }),
        })
        .expect(turnedAway)
        .done();
    },
  }),
];

/** The buyer names another amount than the price, and pays it. */
function paying(amount: (price: bigint) => bigint): PaymentChange {
  return {
    accepted: (entry) => ({ ...entry, amount: String(amount(BigInt(String(entry.amount)))) }),
    authorization: (a) => ({ ...a, value: amount(a.value) }),
  };
}

function lowerCase(address: Json | undefined): string {
  return String(address).toLowerCase();
}

function withExtra(entry: AcceptsEntry, change: (extra: JsonObject) => JsonObject): JsonObject {
  return { ...entry, extra: change(objectOf(entry.extra)) };
}

/** The authorization as Permit2 would have it (exact on EVM, permit2), under a signature that is none of it. */
function asPermit2(payment: JsonObject): JsonObject {
  const { signature = null, authorization } = objectOf(payment.payload);
  const { from = null, to = null, value = null, validBefore = null } = objectOf(authorization);
  const permit2Authorization = {
    permitted: { token: field(payment.accepted, "asset") ?? null, amount: value },
    from,
    spender: "0x402085c248EeA27D92E8b30b2C58ed07f9E20001",
    nonce: "1",
    deadline: validBefore,
    witness: { to, validAfter: "0" },
  };
  return { ...payment, payload: { signature, permit2Authorization } };
}
