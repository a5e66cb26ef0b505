import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  fromBase64Json,
  type Sandbox,
  type SellerSteps,
  sellerSteps,
  startSandbox,
  toBase64Json,
} from "#sandbox";
import { sellerCases } from "../../cases/seller/index.ts";
import { auditId } from "../../engine/seller/index.ts";
import { type ReferenceVariation, startReference } from "../../subjects/index.ts";
import { changing } from "./mutant.ts";
import { offeringTwoTokens, sellingAtTwoPrices } from "./mutants/index.ts";
import { judge } from "./run.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

const forgettingWhatIsOpen: SellerSteps["claim"] = async (exchange, offer, payment) => {
  const claimed = await sellerSteps.claim(exchange, offer, payment);
  if (claimed.kind === "refused") return claimed;
  const { claim } = claimed;
  return { ...claimed, claim: { ...claim, unresolved: () => claim.release() } };
};

/** Says why in the body alone. */
function sayingInTheBody(reason: string): SellerSteps["refuse"] {
  return async (exchange, offer, refusal) => {
    const answer = await sellerSteps.refuse(exchange, offer, refusal);
    const challenge = fromBase64Json(String(answer.headers["payment-required"]));
    if (!challenge.ok) return answer;
    const { error: _, ...wordless } = Object(challenge.value);
    const headers = { ...answer.headers, "payment-required": toBase64Json(wordless) };
    return { ...answer, headers, body: JSON.stringify({ error: reason }) };
  };
}

function namingItsResourceAt(base: string): SellerSteps {
  return {
    ...sellerSteps,
    offer: async (exchange) => {
      const offer = await sellerSteps.offer(exchange);
      if (offer === undefined) return offer;
      const { pathname, search } = new URL(exchange.request.url);
      return { ...offer, resource: { ...offer.resource, url: `${base}${pathname}${search}` } };
    },
  };
}

/** Longest that a hasty seller waits for a settlement, in milliseconds: less than a slow facilitator takes. */
const shortPatience = 2_000;

const losingPatience: SellerSteps["settle"] = (exchange, order) =>
  Promise.race([
    sellerSteps.settle(exchange, order),
    delay(shortPatience, {
      kind: "unknown" as const,
      failure: { cause: "timeout" as const, detail: "/settle took too long" },
    }),
  ]);

const namingNoQuery: SellerSteps["challenge"] = async (exchange, offer) => {
  const answer = await sellerSteps.challenge(exchange, offer);
  const header = String(answer.headers["payment-required"]);
  const text = Buffer.from(header, "base64")
    .toString("utf8")
    .replaceAll(/\?city=[^"]*/g, "");
  const headers = { ...answer.headers, "payment-required": Buffer.from(text).toString("base64") };
  return { ...answer, headers };
};

/** Sellers that differ from the reference in what the protocol leaves open, and what the suite says of that. */
const freedoms: readonly {
  readonly freedom: string;
  readonly build: ReferenceVariation;
  readonly cases: RegExp;
  readonly status: string;
}[] = [
  {
    freedom: "asks who has paid and signs in to pay again",
    build: {
      extensions: changing("sign-in-with-x", (own) => ({ ...own, admit: () => ({ kind: "not-asked" }) })),
    },
    cases: /^seller\.sign-in\.(?!nonces-are-fresh|whose-settlement-failed)/,
    status: "not-applicable",
  },
  {
    freedom: "offers two tokens, and holds a payment against an entry as a whole",
    build: { steps: offeringTwoTokens },
    cases: /^seller\.(terms\.entries-are-not-mixed|refusal\.asks-for-the-same-terms)$/,
    status: "pass",
  },
  {
    freedom: "offers two prices, and sells at both",
    build: { steps: sellingAtTwoPrices },
    cases: /^seller\.(terms\.every-entry-buys|refusal\.asks-for-the-same-terms)$/,
    status: "pass",
  },
  ...["the payment was used before", "payment_already_used", "invalid_exact_evm_nonce_already_used"].map(
    (reason) => ({
      freedom: `forgets a payment whose settlement got no answer, and says in the body alone: ${reason}`,
      build: {
        steps: { ...sellerSteps, claim: forgettingWhatIsOpen, refuse: sayingInTheBody(reason) },
      },
      cases: /^seller\.settlement\.lost-answer-leaves-a-way-back$/,
      status: "pass",
    }),
  ),
  ...["https://api.example/v1", "http://localhost:3000", "http://10.0.0.7", "http://[fd00::7]:3000"].map(
    (base) => ({
      freedom: `names its resource at ${base}`,
      build: { steps: namingItsResourceAt(base) },
      cases: /^seller\.challenge\.resource-host$/,
      status: "pass",
    }),
  ),
  {
    freedom: "gives up on a slow settlement and delivers nothing",
    build: { steps: { ...sellerSteps, settle: losingPatience } },
    cases: /^seller\.(settlement\.waits-for-a-slow-settle|audit\..*)$/,
    status: "pass",
  },
  {
    freedom: "names its resources without their query, and refuses a parameter that it does not know",
    build: { steps: { ...sellerSteps, challenge: namingNoQuery } },
    cases: /^seller\.challenge\.standard-alphabet$/,
    status: "not-applicable",
  },
];

test.each(freedoms)(
  "a seller that $freedom is not blamed: $status",
  async ({ freedom, build, cases, status }) => {
    const subject = await startReference(sandbox.description, freedom, build);
    try {
      const chosen = sellerCases.filter(({ id }) => cases.test(id));
      const { results } = await judge(subject, sandbox.description, freedom, "x402@2", chosen);
      const statusOf = new Map(results.map((result) => [result.id, result.status]));
      const ids = [...chosen.map(({ id }) => id), auditId].filter((id) => cases.test(id));
      expect(ids.map((id) => `${id}: ${statusOf.get(id)}`)).toEqual(ids.map((id) => `${id}: ${status}`));
    } finally {
      await subject.stop();
    }
  },
);
