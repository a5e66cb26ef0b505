import {
  accepted,
  type Case,
  type Cause,
  defineCase,
  type Endpoint,
  type Merchant,
  moved,
  nothingBroadcast,
  oneTransferAmong,
  type PermitChange,
  refused,
  truthful,
} from "../../engine/facilitator/index.ts";

/** Somebody who has nothing to do with the payment. */
const stranger = "0x000000000000000000000000000000000000dEaD";

/** Seconds. */
const day = 86_400n;

/** More than any payer of a case holds, in atomic units. */
const fortune = 10n ** 15n;

/** A scheme as far as it is paid by Permit2, and what a facilitator must have for its cases. */
export type PermitScheme = Parameters<Merchant["permit"]>[1];

/** One thing wrong with a payment by Permit2 that is otherwise honest. */
interface Flaw {
  /** Last part of the ids of the two cases: one asks /verify, the other /settle. */
  readonly name: string;
  readonly what: string;
  readonly requirement: Readonly<Record<PermitScheme, string>>;
  readonly change: (t: Merchant) => PermitChange | Promise<PermitChange>;
  readonly causes: readonly Cause[];
}

/** What binds a permit of any scheme. */
const flaws: readonly Flaw[] = [
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
];

/** The cases of what is wrong with permits, each for /verify and for /settle, which may be asked alone. */
export function flawCases(scheme: PermitScheme): readonly Case[] {
  return flaws.flatMap(({ name, what, requirement, change, causes }) =>
    (["verify", "settle"] as const).map((endpoint) =>
      refusing(scheme, endpoint, {
        id: `facilitator.${idOf(scheme)}.${name}-to-${endpoint}`,
        requirement: requirement[scheme],
        title: `${what} is refused by /${endpoint}`,
        change,
        causes,
      }),
    ),
  );
}

/** A case in which one call refuses what is wrong, sends nothing and moves nothing. */
function refusing(
  scheme: PermitScheme,
  endpoint: Endpoint,
  {
    id,
    requirement,
    title,
    change,
    causes,
  }: Pick<Flaw, "change" | "causes"> & Record<"id" | "requirement" | "title", string>,
): Case {
  return defineCase({
    id,
    requirement,
    title,
    needs: [needOf(scheme)],
    control: (t) => t.permit(endpoint, scheme).expect(accepted),
    probe: async (t) => {
      const flawed = await change(t);
      await t
        .permit(endpoint, scheme, flawed)
        .expect(refused(...codesOf(endpoint, causes)), nothingBroadcast, moved(0))
        .done();
    },
  });
}

/** The code is asked of /verify; /settle may find the same later, and elsewhere. */
function codesOf(endpoint: Endpoint, causes: readonly Cause[]): readonly Cause[] {
  return endpoint === "verify" ? causes : [];
}

/** What a facilitator must do for the cases of a scheme. */
export function needOf(scheme: PermitScheme) {
  return scheme === "upto" ? "upto" : "permit2";
}

function idOf(scheme: PermitScheme): string {
  return scheme === "upto" ? "upto" : "permit2";
}

const needs = ["permit2"] as const;

/** Facilitators that settle `exact` by Permit2, for tokens that have no EIP-3009. */
export const permit2Cases: readonly Case[] = [
  defineCase({
    id: "facilitator.permit2.settles",
    requirement: "F-P2-06",
    title: "A payment by Permit2 that verifies is settled through x402ExactPermit2Proxy, once",
    needs,
    control: (t) => t.settle().expect(accepted, moved(1)),
    probe: async (t) => {
      const order = await t.permitOrder("exact");
      await t.present("verify", order).expect(accepted, nothingBroadcast).done();
      await t.present("settle", order).expect(accepted, moved(1), truthful(t)).done();
      await t.present("settle", order).expect(moved(0), nothingBroadcast, truthful(t)).done();
    },
  }),
  ...flawCases("exact"),
  ...(["verify", "settle"] as const).flatMap((endpoint) => [
    refusing("exact", endpoint, {
      id: `facilitator.permit2.underpaid-by-one-to-${endpoint}`,
      requirement: "F-P2-03",
      title: `A permit for one atomic unit less than the price is refused by /${endpoint}`,
      change: () => ({
        permit: (p) => ({ ...p, permitted: { ...p.permitted, amount: p.permitted.amount - 1n } }),
      }),
      causes: ["permit amount"],
    }),
    defineCase({
      id: `facilitator.permit2.without-allowance-to-${endpoint}`,
      requirement: "F-P2-05",
      title: `A payer that has not allowed Permit2 to take the price is told to do so by /${endpoint}`,
      needs,
      control: (t) => t.permit(endpoint, "exact").expect(accepted),
      probe: async (t) => {
        const order = await t.permitOrder("exact");
        for (const allowance of [0n, order.amount - 1n]) {
          await t.allowPermit2(allowance);
          await t
            .present(endpoint, order)
            .expect(refused(...codesOf(endpoint, ["allowance"])), nothingBroadcast, moved(0))
            .done();
        }
      },
    }),
  ]),
  defineCase({
    id: "facilitator.permit2.first-fault-first",
    requirement: "F-P2-01",
    title:
      "Of two faults, the one is told that comes first: signature, allowance, funds, amount, time, token",
    needs,
    control: (t) => t.permit("verify", "exact").expect(accepted),
    probe: async (t) => {
      const late = (p: Permit): Permit => ({ ...p, deadline: p.deadline - day });
      const short = (p: Permit): Permit => ({
        ...p,
        permitted: { ...p.permitted, amount: p.permitted.amount - 1n },
      });
      await t
        .permit("verify", "exact", { permit: late, signedByStranger: true })
        .expect(refused("permit signature"))
        .done();
      await t
        .permit("verify", "exact", { permit: (p) => short(late(p)) })
        .expect(refused("permit amount"))
        .done();
      await t.allowPermit2(0n);
      await t.permit("verify", "exact", { permit: short }).expect(refused("allowance")).done();
    },
  }),
  defineCase({
    id: "facilitator.permit2.transfer-would-revert",
    requirement: "F-P2-07",
    title: "A payment by Permit2 whose transfer would revert does not verify",
    needs,
    control: (t) => t.permit("verify", "exact").expect(accepted),
    probe: async (t) => {
      const payTo = await t.frozenPayee();
      await t
        .permit("verify", "exact", {
          terms: (terms) => ({ ...terms, payTo }),
          permit: (p) => ({ ...p, witness: { ...p.witness, to: payTo } }),
        })
        .expect(refused(), nothingBroadcast)
        .done();
    },
  }),
  defineCase({
    id: "facilitator.permit2.eight-at-once",
    requirement: "F-S-05",
    title:
      "A payment by Permit2 that is settled eight times at once is transferred once, and the answers agree",
    needs,
    control: (t) => t.permit("settle", "exact").expect(accepted, moved(1)),
    probe: async (t) => {
      const order = await t.permitOrder("exact");
      await t
        .settleTogether(Array.from({ length: 8 }, () => order))
        .expect(oneTransferAmong)
        .done();
    },
  }),
  defineCase({
    id: "facilitator.permit2.nonce-of-another-payment",
    requirement: "F-S-04",
    title: "A second payment by Permit2 with the nonce of one that was settled is refused",
    needs,
    control: (t) => t.permit("settle", "exact").expect(accepted, moved(1)),
    probe: async (t) => {
      const order = await t.permitOrder("exact");
      await t.present("settle", order).expect(accepted, moved(1)).done();
      const again = {
        permit: (p: Permit) => ({ ...p, nonce: order.permit.nonce, deadline: p.deadline + 1n }),
      };
      await t.permit("verify", "exact", again).expect(refused(), nothingBroadcast).done();
      await t.permit("settle", "exact", again).expect(refused(), moved(0)).done();
    },
  }),
];

type Permit = Parameters<NonNullable<PermitChange["permit"]>>[0];
