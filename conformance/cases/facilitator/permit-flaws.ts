import {
  accepted,
  type Case,
  type Cause,
  defineCase,
  type Endpoint,
  type Merchant,
  moved,
  nothingBroadcast,
  type PermitChange,
  refused,
} from "../../engine/facilitator/index.ts";
import { stranger } from "./stranger.ts";

/** Seconds. */
const day = 86_400n;

/** More than any payer of a case holds, in atomic units. */
const fortune = 10n ** 15n;

/** A scheme as far as it is paid by Permit2, and what a facilitator must have for its cases. */
export type PermitScheme = Parameters<Merchant["permit"]>[1];

/** One thing wrong with a payment by Permit2 that is otherwise honest. */
export interface PermitFlaw {
  /** Last part of the ids of the two cases: one asks /verify, the other /settle. */
  readonly name: string;
  readonly what: string;
  readonly requirement: Readonly<Record<PermitScheme, string>>;
  /** One that is wrong in several ways, each by itself, gives several. */
  readonly change: (t: Merchant) => Changes | Promise<Changes>;
  /** Why it is refused; without one, any code will do. */
  readonly causes?: readonly Cause[];
}

type Changes = PermitChange | readonly PermitChange[];

/** What binds a permit of any scheme. */
export const permitFlaws: readonly PermitFlaw[] = [
  {
    name: "signed-by-a-stranger",
    what: "A permit that the payer did not sign",
    requirement: { exact: "F-P2-01", upto: "F-V-01" },
    change: () => ({ signedByStranger: true }),
    causes: ["permit signature"],
  },
  {
    name: "for-another-chain",
    what: "A permit signed for another chain",
    requirement: { exact: "F-P2-01", upto: "F-V-04" },
    change: () => ({ domain: (domain) => ({ ...domain, chainId: domain.chainId + 1 }) }),
    causes: ["permit signature"],
  },
  {
    name: "pays-another",
    what: "A permit that pays somebody else than payTo",
    requirement: { exact: "F-P2-03", upto: "F-UP-04" },
    change: () => ({ permit: (p) => ({ ...p, witness: { ...p.witness, to: stranger } }) }),
    causes: ["permit recipient"],
  },
  {
    name: "in-another-token",
    what: "A permit for a token that is worth nothing",
    requirement: { exact: "F-P2-03", upto: "F-V-11" },
    change: async (t) => {
      const token = await t.worthlessToken();
      await t.allowPermit2(fortune, token);
      return { permit: (p) => ({ ...p, permitted: { ...p.permitted, token } }) };
    },
    causes: ["permit token"],
  },
  {
    name: "expired",
    what: "A permit whose deadline has passed",
    requirement: { exact: "F-P2-04", upto: "F-UP-04" },
    change: () => ({ permit: (p) => ({ ...p, deadline: p.deadline - day }) }),
    causes: ["permit expired"],
  },
  {
    name: "not-yet-valid",
    what: "A permit that is not valid yet",
    requirement: { exact: "F-P2-04", upto: "F-UP-04" },
    change: () => ({
      permit: (p) => ({
        ...p,
        deadline: p.deadline + 2n * day,
        witness: { ...p.witness, validAfter: p.deadline + day },
      }),
    }),
    causes: ["permit not yet valid"],
  },
  {
    name: "to-another-spender",
    what: "A permit for another spender than the proxy that x402 names",
    requirement: { exact: "F-P2-02", upto: "F-UP-04" },
    change: async (t) => {
      const settler = await t.context.settler();
      return { permit: (p) => ({ ...p, spender: settler }) };
    },
    causes: ["spender", "permit signature"],
  },
  {
    name: "more-than-the-payer-holds",
    what: "A permit for more than the payer holds",
    requirement: { exact: "F-P2-01", upto: "F-V-16" },
    change: () => ({
      terms: (terms) => ({ ...terms, amount: String(fortune) }),
      permit: (p) => ({ ...p, permitted: { ...p.permitted, amount: fortune } }),
    }),
    causes: ["permit funds"],
  },
  {
    name: "accepted-less-and-paid-it",
    what: "A permit for what the buyer says to have accepted, and the requirements do not demand,",
    requirement: { exact: "F-P2-03", upto: "F-UP-04" },
    change: async (t) => {
      const token = await t.worthlessToken();
      await t.allowPermit2(fortune, token);
      return [
        {
          accepted: (entry) => ({ ...entry, amount: "1" }),
          permit: (p) => ({ ...p, permitted: { ...p.permitted, amount: 1n } }),
        },
        {
          accepted: (entry) => ({ ...entry, payTo: stranger }),
          permit: (p) => ({ ...p, witness: { ...p.witness, to: stranger } }),
        },
        {
          accepted: (entry) => ({ ...entry, asset: token }),
          permit: (p) => ({ ...p, permitted: { ...p.permitted, token } }),
        },
      ];
    },
  },
  {
    name: "accepted-another-price",
    what: "A permit whose payer says to have accepted another payee or token than it pays",
    requirement: { exact: "F-V-12", upto: "F-V-12" },
    change: () => [
      { accepted: (entry) => ({ ...entry, payTo: stranger }) },
      { accepted: (entry) => ({ ...entry, asset: stranger }) },
    ],
  },
];

/** The cases of what is wrong with permits, each for /verify and for /settle, which may be asked alone. */
export function flawCases(scheme: PermitScheme): readonly Case[] {
  return permitFlaws.flatMap(({ name, what, requirement, change, causes }) =>
    (["verify", "settle"] as const).map((endpoint) =>
      refusing(scheme, endpoint, {
        id: `facilitator.${idOf(scheme)}.${name}-to-${endpoint}`,
        requirement: requirement[scheme],
        title: `${what} is refused by /${endpoint}`,
        change,
        ...(causes && { causes }),
      }),
    ),
  );
}

/** A case in which one call refuses what is wrong, sends nothing and moves nothing. */
export function refusing(
  scheme: PermitScheme,
  endpoint: Endpoint,
  {
    id,
    requirement,
    title,
    change,
    causes = [],
  }: Pick<PermitFlaw, "change" | "causes"> & Record<"id" | "requirement" | "title", string>,
): Case {
  return defineCase({
    id,
    requirement,
    title,
    needs: [needOf(scheme)],
    control: (t) => t.permit(endpoint, scheme).expect(accepted),
    probe: async (t) => {
      for (const flawed of [await change(t)].flat()) {
        await t
          .permit(endpoint, scheme, flawed)
          .expect(refused(...codesOf(endpoint, causes)), nothingBroadcast, moved(0))
          .done();
      }
    },
  });
}

/** The code is asked of /verify; /settle may find the same later, and elsewhere. */
export function codesOf(endpoint: Endpoint, causes: readonly Cause[]): readonly Cause[] {
  return endpoint === "verify" ? causes : [];
}

/** The schemes that have cases of the same kind. */
export const permitSchemes = ["exact", "upto"] as const satisfies readonly PermitScheme[];

/** What a facilitator must do for the cases of a scheme. */
export function needOf(scheme: PermitScheme) {
  return scheme === "upto" ? "upto" : "permit2";
}

/** What the ids of the cases of a scheme have in the second place. */
export function idOf(scheme: PermitScheme) {
  return scheme === "upto" ? "upto" : "permit2";
}
