import type { Answer } from "#sandbox";
import { type Mutant, replacing } from "../mutant.ts";

type Json = Record<string, unknown>;

/** Sellers of x402 v1 whose challenge is wrong in one way. */
export const v1ChallengeMutants: readonly Mutant[] = [
  asking({
    id: "v1-asks-with-403",
    breaks: "Puts its challenge into a 403.",
    caughtBy: ["seller.v1.challenge-status-402"],
    sellsNothing: true,
    change: (answer) => ({ ...answer, status: 403 }),
  }),
  asking({
    id: "v1-asks-in-plain-text",
    breaks: "Says in plain text that payment is required.",
    caughtBy: ["seller.v1.challenge-in-the-body"],
    sellsNothing: true,
    change: (answer) => ({ ...answer, body: "Payment required" }),
  }),
  saying({
    id: "v1-version-as-string",
    breaks: 'Says x402Version: "1".',
    caughtBy: ["seller.v1.challenge-version-is-the-number-1"],
    change: (challenge) => ({ ...challenge, x402Version: "1" }),
  }),
  saying({
    id: "v1-error-as-object",
    breaks: "Says why payment is required in an object.",
    caughtBy: ["seller.v1.challenge-error-is-a-string"],
    change: ({ error, ...challenge }) => ({ ...challenge, error: { message: error } }),
  }),
  saying({
    id: "v1-one-entry-in-place-of-a-list",
    breaks: "Gives one way to pay in place of a list.",
    caughtBy: ["seller.v1.challenge-accepts-is-an-array"],
    sellsNothing: true,
    change: (challenge) => ({ ...challenge, accepts: entriesOf(challenge)[0] }),
  }),
  offering({
    id: "v1-without-description",
    breaks: "Does not describe what is sold.",
    caughtBy: ["seller.v1.entry-fields-are-strings"],
    change: ({ description: _, ...entry }) => entry,
  }),
  offering({
    id: "v1-numbers-and-strings-mixed-up",
    breaks: "Writes the amount as a number and the seconds as a string.",
    caughtBy: ["seller.v1.entry-amount-is-atomic", "seller.v1.entry-timeout-is-a-number"],
    change: ({ maxAmountRequired, maxTimeoutSeconds, ...entry }) => ({
      ...entry,
      maxAmountRequired: Number(maxAmountRequired),
      maxTimeoutSeconds: String(maxTimeoutSeconds),
    }),
  }),
  offering({
    id: "v1-networks-of-v2",
    breaks: "Names the network as x402 v2 does.",
    caughtBy: ["seller.v1.entry-network-is-a-plain-name"],
    sellsNothing: true,
    change: (entry) => ({ ...entry, network: "eip155:84532" }),
  }),
  offering({
    id: "v1-resource-always-the-root",
    breaks: "Names the same resource in every challenge.",
    caughtBy: ["seller.v1.entry-resource-is-the-requested-url"],
    change: (entry) => ({ ...entry, resource: new URL("/", String(entry.resource)).href }),
  }),
  offering({
    id: "v1-without-extra",
    breaks: "Does not say under which domain the token signs.",
    caughtBy: ["seller.v1.challenge-domain-is-given"],
    change: ({ extra: _, ...entry }) => entry,
  }),
  offering({
    id: "v1-assets-in-caip19",
    breaks: "Names the token as CAIP-19 does.",
    caughtBy: ["seller.v1.challenge-addresses"],
    sellsNothing: true,
    change: (entry) => ({ ...entry, asset: `eip155:84532/erc20:${entry.asset}` }),
  }),
  offering({
    id: "v1-domain-of-another-token",
    breaks: "Gives the domain that USDC has on another chain.",
    caughtBy: ["seller.v1.challenge-domain-is-the-tokens-own"],
    sellsNothing: true,
    change: (entry) => ({ ...entry, extra: { name: "USD Coin", version: "2" } }),
  }),
];

type Change<Subject> = Omit<Mutant, "build" | "protocol"> & { change: (subject: Subject) => Subject };

/** Changes the answer to an unpaid request. */
function asking({ change, ...mutant }: Change<Answer>): Mutant {
  return {
    ...mutant,
    protocol: "x402@1",
    build: replacing("challenge", (original, reached) => async (exchange, offer) => {
      reached();
      return change(await original(exchange, offer));
    }),
  };
}

/** Changes the challenge. */
function saying({ change, ...mutant }: Change<Json>): Mutant {
  return asking({
    ...mutant,
    change: (answer) => ({ ...answer, body: JSON.stringify(change(JSON.parse(String(answer.body)))) }),
  });
}

/** Changes every entry of `accepts`. */
function offering({ change, ...mutant }: Change<Json>): Mutant {
  return saying({
    ...mutant,
    change: (challenge) => ({ ...challenge, accepts: entriesOf(challenge).map(change) }),
  });
}

function entriesOf({ accepts }: Json): Json[] {
  return Array.isArray(accepts) ? accepts : [];
}
