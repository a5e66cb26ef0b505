import { concat, type Hex, numberToHex, parseSignature, serializeSignature, slice } from "viem";
import {
  type Case,
  defineCase,
  type PaymentChange,
  served,
  settled,
  turnedAway,
} from "../../engine/index.ts";

const stranger = "0x000000000000000000000000000000000000dEaD";
const day = 86_400n;

/** One thing changed in an otherwise honest payment. `change` is signed as changed. */
interface Tampering {
  readonly id: string;
  readonly requirement: string;
  readonly title: string;
  readonly change: PaymentChange;
}

/**
 * Terms: the buyer claims to have accepted other terms than were offered, and pays and signs what it claims.
 * Authorization: the claimed terms are the seller's, but what is signed does not fulfil them.
 */
const tamperings: readonly Tampering[] = [
  {
    id: "seller.terms.amount-lowered",
    requirement: "S-PAY-09",
    title: "A payment that names a lower amount than was asked for is refused",
    change: {
      accepted: (entry) => ({ ...entry, amount: plus(entry.amount, -1n) }),
      authorization: (a) => ({ ...a, value: a.value - 1n }),
    },
  },
  {
    id: "seller.terms.amount-zero",
    requirement: "S-PAY-09",
    title: "A payment of nothing is refused",
    change: {
      accepted: (entry) => ({ ...entry, amount: "0" }),
      authorization: (a) => ({ ...a, value: 0n }),
    },
  },
  {
    id: "seller.terms.amount-raised",
    requirement: "S-PAY-10",
    title: "A payment that names a higher amount than was asked for is refused",
    change: {
      accepted: (entry) => ({ ...entry, amount: plus(entry.amount, 1n) }),
      authorization: (a) => ({ ...a, value: a.value + 1n }),
    },
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
    id: "seller.authorization.underpaid-by-one",
    requirement: "S-PAY-21",
    title: "An authorization for one atomic unit too little is refused",
    change: { authorization: (a) => ({ ...a, value: a.value - 1n }) },
  },
  {
    id: "seller.authorization.overpaid-by-one",
    requirement: "S-PAY-21",
    title: "An authorization for one atomic unit too much is refused",
    change: { authorization: (a) => ({ ...a, value: a.value + 1n }) },
  },
  {
    id: "seller.authorization.pays-another",
    requirement: "S-PAY-21",
    title: "An authorization that pays somebody else is refused",
    change: { authorization: (a) => ({ ...a, to: stranger }) },
  },
  {
    id: "seller.authorization.signed-by-a-stranger",
    requirement: "S-PAY-21",
    title: "An authorization that the payer did not sign is refused",
    change: { signedByStranger: true },
  },
  {
    id: "seller.authorization.expired",
    requirement: "S-PAY-21",
    title: "An authorization that has expired is refused",
    change: { authorization: (a) => ({ ...a, validAfter: a.validAfter - day, validBefore: a.validAfter }) },
  },
  {
    id: "seller.authorization.not-yet-valid",
    requirement: "S-PAY-21",
    title: "An authorization that is not valid yet is refused",
    change: {
      authorization: (a) => ({
        ...a,
        validAfter: a.validBefore + day,
        validBefore: a.validBefore + 2n * day,
      }),
    },
  },
  {
    id: "seller.authorization.for-another-chain",
    requirement: "S-PAY-21",
    title: "An authorization signed for another chain is refused",
    change: { domain: (domain) => ({ ...domain, chainId: domain.chainId + 1 }) },
  },
  {
    id: "seller.authorization.for-another-token",
    requirement: "S-PAY-21",
    title: "An authorization signed for another token is refused",
    change: { domain: (domain) => ({ ...domain, verifyingContract: stranger }) },
  },
  {
    id: "seller.authorization.malleable-signature",
    requirement: "S-PAY-21",
    title: "A signature turned into its high-s twin is refused",
    change: { signature: highS },
  },
  {
    id: "seller.authorization.broken-signature",
    requirement: "S-PAY-21",
    title: "A signature with one byte changed is refused",
    change: { signature: (signature) => concat([slice(signature, 0, 9), "0x00", slice(signature, 10)]) },
  },
  {
    id: "seller.authorization.payer-without-funds",
    requirement: "S-PAY-21",
    title: "A payment of somebody who holds nothing is refused",
    change: { byUnfundedPayer: true },
  },
];

/** The other signature that secp256k1 allows for the same message: s on the far side of the curve's order, v flipped. */
function highS(signature: Hex): Hex {
  const { r, s, yParity } = parseSignature(signature);
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  return serializeSignature({
    r,
    s: numberToHex(order - BigInt(s), { size: 32 }),
    yParity: yParity === 0 ? 1 : 0,
  });
}

function plus(amount: unknown, difference: bigint): string {
  return String(BigInt(String(amount)) + difference);
}

/** Payments that pay too little, too much, somebody else, elsewhere or at another time. */
export const tamperingCases: readonly Case[] = [
  ...tamperings.map(({ change, ...definition }) =>
    defineCase({
      ...definition,
      control: (t) => t.buy().expect(served, settled(1)),
      probe: (t) => t.buy(change).expect(turnedAway),
    }),
  ),
  defineCase({
    id: "seller.authorization.spent-elsewhere",
    requirement: "S-PAY-21",
    title: "An authorization that somebody has already spent on chain is refused",
    control: (t) => t.buy().expect(served, settled(1)),
    probe: async (t) => {
      const payment = await t.prepare();
      await t.spendOnChain(payment);
      await t.resend(payment).expect(turnedAway).done();
    },
  }),
  defineCase({
    id: "seller.authorization.cancelled",
    requirement: "S-PAY-21",
    title: "An authorization that the payer has cancelled on chain is refused",
    control: (t) => t.buy().expect(served, settled(1)),
    probe: async (t) => {
      const payment = await t.prepare();
      await t.cancelOnChain(payment);
      await t.resend(payment).expect(turnedAway).done();
    },
  }),
  defineCase({
    id: "seller.terms.worthless-asset",
    requirement: "S-PAY-12",
    title: "A payment in another token, worthless but otherwise the same, is refused",
    control: (t) => t.buy().expect(served, settled(1)),
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
