import { maxUint256 } from "viem";
import {
  accepted,
  type Case,
  type Cause,
  defineCase,
  type Merchant,
  moved,
  nothingBroadcast,
  type PermitChange,
  refused,
  type SponsoredChange,
} from "../../engine/facilitator/index.ts";
import { codesOf, type PermitScheme, permitFlaws, permitSchemes } from "./permit-flaws.ts";
import { stranger } from "./stranger.ts";

/** Seconds. */
const day = 86_400n;

/** One thing wrong with a payment that brings its allowance and is otherwise honest. */
interface Flaw {
  /** Last part of the ids of the two cases: one asks /verify, the other /settle. */
  readonly name: string;
  readonly what: string;
  /** The rule, where it is none of sponsoring. */
  readonly requirement?: string;
  /** Each is tried by itself. */
  readonly changes: (t: Merchant) => readonly SponsoredChange[] | Promise<readonly SponsoredChange[]>;
  /** Why it is refused; without one, any code will do. */
  readonly causes?: readonly Cause[];
}

/** What is wrong with the allowance. The specification has no code for any of it. */
const ofAllowance: readonly Flaw[] = [
  {
    name: "allowance-for-another-spender",
    what: "An allowance for another spender than Permit2",
    changes: () => [{ allowance: (a) => ({ ...a, spender: stranger }) }],
  },
  {
    name: "allowance-of-another-account",
    what: "An allowance that another account gives out of its own",
    changes: async (t) => {
      const { payer } = await t.another();
      const owner = payer.address;
      return [{ allowance: (a) => ({ ...a, owner, nonce: 0n }), allowanceSigner: payer }];
    },
  },
  {
    name: "allowance-of-another-token",
    what: "An allowance of another token than the asset",
    changes: async (t) => [{ allowanceToken: await t.worthlessToken() }],
  },
  {
    name: "allowance-signed-by-a-stranger",
    what: "An allowance that the payer did not sign",
    changes: async (t) => [{ allowanceSigner: (await t.another()).payer }],
  },
  {
    name: "allowance-with-another-nonce",
    what: "An allowance with another nonce than the payer's next",
    changes: () => [{ allowance: (a) => ({ ...a, nonce: a.nonce + 1n }) }],
  },
  {
    name: "allowance-expired",
    what: "An allowance whose deadline has passed",
    changes: () => [{ allowance: (a) => ({ ...a, deadline: a.deadline - day }) }],
  },
  {
    name: "allowance-of-less-than-the-price",
    what: "An allowance of one atomic unit less than the price",
    changes: () => [{ allowance: (a) => ({ ...a, value: a.value - 1n }) }],
  },
  {
    name: "allowance-of-more-than-the-price",
    what: "An allowance of one atomic unit more than is permitted, which the proxy does not take,",
    changes: () => [{ allowance: (a) => ({ ...a, value: a.value + 1n }) }],
  },
  {
    name: "token-without-permits",
    what: "An allowance of a token that knows none that are signed",
    changes: async (t) => {
      const asset = await t.tokenWithoutPermits();
      return [
        {
          terms: (terms) => ({ ...terms, asset }),
          permit: (p) => ({ ...p, permitted: { ...p.permitted, token: asset } }),
          allowanceToken: asset,
        },
      ];
    },
  },
  {
    name: "malformed",
    what: "An allowance that cannot be read",
    changes: () => [
      { info: ({ amount: _, ...info }) => info },
      { info: (info) => ({ ...info, spender: "Permit2" }) },
      { info: (info) => ({ ...info, deadline: "-1" }) },
      { info: (info) => ({ ...info, signature: "0x1234" }) },
      { info: (info) => ({ ...info, signature: "signed" }) },
      { info: () => "signed" },
    ],
  },
];

/** What is wrong with the payment, whose allowance is good: a facilitator that sends it pays for an abuse. */
const ofPayment: readonly Flaw[] = [
  ...permitFlaws.map(({ name, what, requirement, change, causes }) => ({
    name,
    ...(requirement.exact === "F-V-12" && { requirement: "F-V-12" }),
    what: `${what.replace(/,$/, "")}, with an allowance that is good,`,
    changes: async (t: Merchant) => [await change(t)].flat().map(lasting),
    ...(causes && { causes }),
  })),
  {
    name: "underpaid-by-one",
    what: "A payment with its allowance, both of one atomic unit less than the price,",
    changes: () => [
      { permit: (p) => ({ ...p, permitted: { ...p.permitted, amount: p.permitted.amount - 1n } }) },
    ],
  },
  {
    name: "transfer-would-revert",
    what: "A payment with its allowance whose transfer would revert",
    changes: async (t) => {
      const payTo = await t.frozenPayee();
      return [
        {
          terms: (terms) => ({ ...terms, payTo }),
          permit: (p) => ({ ...p, witness: { ...p.witness, to: payTo } }),
        },
      ];
    },
  },
];

/** The cases of what is wrong with a payment that brings its allowance, each for /verify and for /settle. */
export const sponsoringFlawCases: readonly Case[] = [
  ...ofAllowance.flatMap((flaw) => refusing("exact", "F-GS-01", flaw)),
  ...permitSchemes.flatMap((scheme) => ofPayment.flatMap((flaw) => refusing(scheme, "F-EX-01", flaw))),
];

function refusing(
  scheme: PermitScheme,
  usual: string,
  { name, what, changes, causes = [], requirement = usual }: Flaw,
): readonly Case[] {
  return (["verify", "settle"] as const).map((endpoint) =>
    defineCase({
      id: `facilitator.sponsoring.${scheme === "upto" ? "upto-" : ""}${name}-to-${endpoint}`,
      requirement,
      title: `${scheme === "upto" ? "Of upto: " : ""}${what} is refused by /${endpoint}`,
      needs: scheme === "upto" ? ["upto-sponsoring", "upto"] : ["eip2612-sponsoring", "permit2"],
      control: (t) => t.sponsored(endpoint, scheme).expect(accepted),
      probe: async (t) => {
        for (const change of await changes(t)) {
          await t
            .sponsored(endpoint, scheme, change)
            .expect(refused(...codesOf(endpoint, causes)), nothingBroadcast, moved(0))
            .done();
        }
      },
    }),
  );
}

/** The same change with an allowance without end, so that a permit out of its time is the only thing wrong. */
function lasting(change: PermitChange): SponsoredChange {
  return { ...change, allowance: (allowance) => ({ ...allowance, deadline: maxUint256 }) };
}
