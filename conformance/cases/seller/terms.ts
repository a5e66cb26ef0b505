import { type Case, defineCase, served, settled, turnedAway } from "../../engine/index.ts";
import { stranger, type Tampering, tampered } from "./tampering.ts";

/** The buyer claims to have accepted other terms than were offered, and pays and signs what it claims. */
const claims: readonly Tampering[] = [
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
];

function plus(amount: unknown, difference: bigint): string {
  return String(BigInt(String(amount)) + difference);
}

/** Payments on other terms than the seller's. */
export const termsCases: readonly Case[] = [
  ...claims.map(tampered),
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
