import { afterAll, beforeAll, expect, test } from "vitest";
import { type FacilitatorSteps, type Sandbox, startSandbox } from "#sandbox";
import { facilitatorCases } from "../../cases/facilitator/index.ts";
import { startReferenceFacilitator } from "../../subjects/index.ts";
import { askedIn, type FacilitatorMutant, json, telling, withSteps } from "./mutant.ts";
import { judgeFacilitatorIn } from "./run.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

const uptoWith = (change: object) => (kind: unknown) =>
  typeof kind === "object" && kind !== null && "scheme" in kind && kind.scheme === "upto"
    ? { ...kind, ...change }
    : kind;

/** Facilitators that differ from the reference in what the protocol leaves open, and what the suite makes of it. */
const freedoms: readonly {
  readonly freedom: string;
  readonly build: FacilitatorMutant["build"];
  readonly cases: RegExp;
  readonly status: string;
}[] = [
  {
    freedom: "lists upto for another network only",
    build: listingUpto({ network: "eip155:1" }),
    cases: /^facilitator\.upto\.(settles|for-another-facilitator)$/,
    status: "not-applicable",
  },
  {
    freedom: "lists upto for another version only",
    build: listingUpto({ x402Version: 3 }),
    cases: /^facilitator\.upto\.(settles|for-another-facilitator)$/,
    status: "not-applicable",
  },
  {
    freedom: "lists upto for every network",
    build: listingUpto({ network: "eip155:*" }),
    cases: /^facilitator\.upto\.(settles|for-another-facilitator)$/,
    status: "pass",
  },
  {
    freedom: "lists upto alone, and settles it",
    build: listingUptoAlone(),
    cases: /^facilitator\.upto\.(settles|for-another-facilitator)$/,
    status: "pass",
  },
  {
    freedom: "lists upto alone, so that nobody pays it by EIP-3009",
    build: listingUptoAlone(),
    cases: /^facilitator\.(verify\.underpaid-by-one|settlement\.once)$/,
    status: "not-applicable",
  },
  {
    freedom: "settles exact by Permit2 alone",
    build: refusingAuthorizations(),
    cases: /^facilitator\.(permit2\.(settles|expired-to-verify)|sponsoring\.settles)$/,
    status: "pass",
  },
  {
    freedom: "speaks v1 alone",
    build: speakingV1Alone(),
    cases: /^facilitator\.v1\.(settles|verify-expired|token-takes-a-fee|settlement-8-at-once)$/,
    status: "pass",
  },
  {
    freedom: "speaks v1 alone, so that nobody pays it in v2",
    build: speakingV1Alone(),
    cases: /^facilitator\.(verify\.expired|settlement\.once|api\.supported|upto\.settles)$/,
    status: "not-applicable",
  },
  {
    freedom: "speaks v2 alone",
    build: listingVersion(2),
    cases: /^facilitator\.v1\.(settles|verify-expired)$/,
    status: "not-applicable",
  },
  {
    freedom: "sponsors no allowances",
    build: telling("supported", (honest) => ({ ...honest, extensions: [] })),
    cases: /^facilitator\.sponsoring\./,
    status: "not-applicable",
  },
  {
    freedom: "sponsors no allowances for upto",
    build: refusingSponsored(({ scheme }) => scheme === "upto"),
    cases: /^facilitator\.sponsoring\.settles(-upto)?$/,
    status: "pass",
  },
  {
    freedom: "sponsors no allowance that somebody has sent before",
    build: refusingSponsored(({ sponsored }, facts) => (facts.token?.allowance ?? 0n) >= sponsored.value),
    cases: /^facilitator\.sponsoring\.(settles|allowance-sent-before)$/,
    status: "pass",
  },
  {
    freedom: "notices a while later what was mined",
    build: noticingLate(700),
    cases: /^facilitator\.(chain\.pending-resolved|(chain|permit2)\.receipt-found-later)$/,
    status: "pass",
  },
  {
    freedom: "tells its first settlement as pending",
    build: tellingPending({ first: true }),
    cases: /^facilitator\.(settlement\.once|v1\.settles|permit2\.settles)$/,
    status: "pass",
  },
  {
    freedom: "tells every settlement as pending before it is asked again",
    build: tellingPending({ first: false }),
    cases: /^facilitator\.(settlement\.once|verify\.expired)$/,
    status: "inconclusive",
  },
];

test.each(freedoms)(
  "a facilitator that $freedom is not blamed: $status",
  async ({ freedom, build, cases, status }) => {
    const variation = build(() => undefined);
    const subject = await startReferenceFacilitator(sandbox.description, freedom, variation);
    try {
      const chosen = facilitatorCases.filter(({ id }) => cases.test(id));
      const { results } = await judgeFacilitatorIn(sandbox.description, subject, 10_000, chosen);
      const statusOf = new Map(results.map((result) => [result.id, result.status]));
      expect(chosen).not.toEqual([]);
      expect(chosen.map(({ id }) => `${id}: ${statusOf.get(id)}`)).toEqual(
        chosen.map(({ id }) => `${id}: ${status}`),
      );
    } finally {
      await subject.stop();
    }
  },
);

function listingUpto(change: object): FacilitatorMutant["build"] {
  return telling("supported", ({ kinds, ...honest }) => ({
    ...honest,
    kinds: Array.isArray(kinds) ? kinds.map(uptoWith(change)) : kinds,
  }));
}

function listingVersion(version: number): FacilitatorMutant["build"] {
  return telling("supported", ({ kinds, ...honest }) => ({
    ...honest,
    kinds: Array.isArray(kinds) ? kinds.filter(({ x402Version }) => x402Version === version) : kinds,
  }));
}

/** Lists no other version, and refuses whatever is of one. */
function speakingV1Alone(): FacilitatorMutant["build"] {
  return (reached) => {
    const { intercept } = listingVersion(1)(reached);
    return {
      intercept: async (call) => {
        if (call.endpoint === "supported") return intercept?.(call);
        return askedIn(call.request)?.version === 2 ? json(400, { error: "unknown version" }) : undefined;
      },
    };
  };
}

/** Neither lists exact nor settles by EIP-3009. */
function listingUptoAlone(): FacilitatorMutant["build"] {
  return (reached) => ({
    ...refusingAuthorizations()(reached),
    ...telling("supported", ({ kinds, ...honest }) => ({
      ...honest,
      kinds: Array.isArray(kinds) ? kinds.filter(({ scheme }) => scheme === "upto") : kinds,
    }))(reached),
  });
}

/** The reference, which refuses what is paid by EIP-3009. */
function refusingAuthorizations(): FacilitatorMutant["build"] {
  return withSteps(({ check }) => ({
    check: async (payment, desk, checks) =>
      payment.method === "permit2"
        ? check(payment, desk, checks)
        : { code: "invalid_payload", message: "settled by Permit2 alone" },
  }));
}

/** Tells what was pending as pending for a while, whatever became of it. */
function noticingLate(milliseconds: number): FacilitatorMutant["build"] {
  return () => {
    const pending = new Map<string, { readonly answer: object; readonly until: number }>();
    return {
      intercept: async ({ endpoint, request, proceed }) => {
        if (endpoint !== "settle") return undefined;
        const name = JSON.stringify(request);
        const known = pending.get(name);
        if (known !== undefined && performance.now() < known.until) return json(200, known.answer);
        const answer = await proceed();
        if (known === undefined && "errorReason" in answer && answer.errorReason === "settlement_pending")
          pending.set(name, { answer, until: performance.now() + milliseconds });
        return json(200, answer);
      },
    };
  };
}

/** Tells a settlement as pending, of the first payer only or of all, until it is asked for it again. */
function tellingPending({ first }: { readonly first: boolean }): FacilitatorMutant["build"] {
  const told = new Set<string>();
  return telling("settle", (honest, { request }) => {
    const name = JSON.stringify(request);
    if (honest.success !== true || told.has(name) || (first && told.size > 0)) return undefined;
    told.add(name);
    return { ...honest, success: false, errorReason: "settlement_pending" };
  });
}

type Permitted = Parameters<FacilitatorSteps["checks"]["permit2"][number]["check"]>[0];
type SponsoredPayment = Permitted["payment"] & Required<Pick<Permitted["payment"], "sponsored">>;

/** The reference, which refuses some payments with an allowance. */
function refusingSponsored(
  isRefused: (payment: SponsoredPayment, facts: Permitted["facts"]) => boolean,
): FacilitatorMutant["build"] {
  return withSteps(({ checks }) => ({
    checks: {
      ...checks,
      permit2: [
        ...checks.permit2,
        {
          name: "not sponsored here",
          code: "PERMIT2_ALLOWANCE_REQUIRED",
          check: ({ payment, facts }) => {
            const { sponsored } = payment;
            if (sponsored === undefined || !isRefused({ ...payment, sponsored }, facts)) return undefined;
            return "such allowances are not sponsored here";
          },
        },
      ],
    },
  }));
}
