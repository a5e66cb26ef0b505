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

const sayingSoInTheBody: SellerSteps["refuse"] = async (exchange, offer, refusal) => {
  const answer = await sellerSteps.refuse(exchange, offer, refusal);
  const challenge = fromBase64Json(String(answer.headers["payment-required"]));
  if (!challenge.ok) return answer;
  const { error, ...wordless } = Object(challenge.value);
  const body = JSON.stringify({ error: `${error}: it was used before` });
  return { ...answer, headers: { ...answer.headers, "payment-required": toBase64Json(wordless) }, body };
};

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
  {
    freedom: "forgets a payment whose settlement got no answer, and says in the body alone that it was used",
    build: { steps: { ...sellerSteps, claim: forgettingWhatIsOpen, refuse: sayingSoInTheBody } },
    cases: /^seller\.settlement\.lost-answer-leaves-a-way-back$/,
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
      expect(chosen.map(({ id }) => `${id}: ${statusOf.get(id)}`)).toEqual(
        chosen.map(({ id }) => `${id}: ${status}`),
      );
    } finally {
      await subject.stop();
    }
  },
);
