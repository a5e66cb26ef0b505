import type { PermitChange, PermitMethod, Trader } from "../../engine/seller/index.ts";
import { type Case, defineCase, turnedAway } from "../../engine/seller/index.ts";
import { leads, soldByPermit } from "./permit-sale.ts";
import { lessThan, stranger, withOneBitTurned } from "./tampering.ts";

/** Seconds. */
const day = 86_400n;

/** One thing wrong with a payment by Permit2 that is otherwise honest. What it changes is signed as changed. */
interface Flaw {
  /** Last part of the ids of its cases. */
  readonly name: string;
  readonly what: string;
  readonly change: (t: Trader) => PermitChange | Promise<PermitChange>;
}

/** What binds a permit of either scheme. */
const flaws: readonly Flaw[] = [
  {
    name: "underpaid-by-one",
    what: "A permit for one atomic unit too little",
    change: (t) => ({
      permit: (p) => ({ ...p, permitted: { ...p.permitted, amount: lessThan(t, p.permitted.amount) } }),
    }),
  },
  {
    name: "pays-another",
    what: "A permit that pays somebody else",
    change: () => ({ permit: (p) => ({ ...p, witness: { ...p.witness, to: stranger } }) }),
  },
  {
    name: "to-another-spender",
    what: "A permit for another spender than the proxy that x402 names",
    change: () => ({ permit: (p) => ({ ...p, spender: stranger }) }),
  },
  {
    name: "in-another-token",
    what: "A permit for a token that is worth nothing",
    change: async (t) => {
      const token = await t.holdWorthlessToken();
      await t.allowPermit2ToTake(token);
      return { permit: (p) => ({ ...p, permitted: { ...p.permitted, token } }) };
    },
  },
  {
    name: "for-another-chain",
    what: "A permit signed for another chain",
    change: () => ({ domain: (domain) => ({ ...domain, chainId: domain.chainId + 1 }) }),
  },
  {
    name: "broken-signature",
    what: "A permit under a signature with one bit turned",
    change: () => ({ signature: withOneBitTurned }),
  },
  {
    name: "expired",
    what: "A permit whose deadline has passed",
    change: () => ({
      permit: (p) => ({
        ...p,
        deadline: p.witness.validAfter,
        witness: { ...p.witness, validAfter: p.witness.validAfter - day },
      }),
    }),
  },
];

/** What binds permits of `upto` beside that. */
const uptoFlaws: readonly Flaw[] = [
  {
    name: "for-another-facilitator",
    what: "A permit that another facilitator is to settle",
    change: () => ({ permit: (p) => ({ ...p, witness: { ...p.witness, facilitator: stranger } }) }),
  },
];

/** Payments that do not pay what was asked for, or cannot. */
export function permitFlawCases(method: PermitMethod): readonly Case[] {
  return [...flaws, ...(method === "upto" ? uptoFlaws : [])].map(({ name, what, change }) =>
    defineCase({
      id: `seller.${method}.${name}`,
      requirement: "S-PAY-21",
      title: `${leads[method]}: ${what} is refused`,
      needs: [method],
      control: soldByPermit(method),
      probe: async (t) => {
        await t
          .buyByPermit(method, await change(t))
          .expect(turnedAway)
          .done();
      },
    }),
  );
}
