import {
  type AcceptsEntry,
  acceptsEntries,
  describeJson,
  Finding,
  field,
  NotApplicable,
  parseJson,
  probableNetwork,
  Unproven,
  v1NameOf,
} from "../../engine/index.ts";
import {
  type Case,
  challenge,
  defineCase,
  expectField,
  provided,
  refused,
  status,
} from "../../engine/seller/index.ts";
import { aSale } from "./sale.ts";

/** What the 402 of x402 v1 must say, in its body. */
export const v1ChallengeCases: readonly Case[] = [
  defineCase({
    id: "seller.v1.challenge-status-402",
    requirement: "S1-01",
    protocol: "x402@1",
    title: "v1: An unpaid request is answered with 402",
    probe: (t) => t.ask().expect(status(402)),
  }),
  defineCase({
    id: "seller.v1.challenge-in-the-body",
    requirement: "S1-01",
    protocol: "x402@1",
    title: "v1: The body of the 402 is the challenge, a JSON object",
    probe: (t) =>
      t.ask().expect(provided(status(402)), ({ answer, dialect }) => {
        const reading = dialect.readChallenge(answer);
        if (reading.stage === "object") return;
        throw new Finding(
          "The 402 has no v1 challenge.",
          "a JSON body with x402Version, error and accepts",
          `${reading.problem}: ${JSON.stringify(answer.body.slice(0, 100))}`,
        );
      }),
  }),
  theChallenge({
    id: "seller.v1.challenge-version-is-the-number-1",
    requirement: "S1-01",
    title: "v1: `x402Version` is the number 1",
    holds: (c) => expectField(c, "x402Version", "the number 1", (value) => value === 1),
  }),
  theChallenge({
    id: "seller.v1.challenge-error-is-a-string",
    requirement: "S1-01",
    title: "v1: `error` says in words why payment is required",
    holds: (c) => expectField(c, "error", "a string", (value) => typeof value === "string"),
  }),
  theChallenge({
    id: "seller.v1.challenge-accepts-is-an-array",
    requirement: "S1-01",
    title: "v1: `accepts` is an array",
    holds: (c) => expectField(c, "accepts", "an array", Array.isArray),
  }),
  everyEntry({
    id: "seller.v1.entry-fields-are-strings",
    requirement: "S1-02",
    title:
      "v1: Every entry of `accepts` has scheme, network, asset, payTo, resource and description as strings",
    holds: (entry) => {
      for (const key of ["scheme", "network", "asset", "payTo", "resource"]) {
        expectField(entry, key, "a non-empty string", (value) => typeof value === "string" && value !== "");
      }
      expectField(entry, "description", "a string", (value) => typeof value === "string");
    },
  }),
  everyEntry({
    id: "seller.v1.entry-amount-is-atomic",
    requirement: "S1-02",
    title: "v1: Every `maxAmountRequired` is a string of atomic units in decimal digits",
    holds: (entry) =>
      expectField(
        entry,
        "maxAmountRequired",
        "a string of decimal digits",
        (value) => typeof value === "string" && /^\d+$/.test(value),
      ),
  }),
  everyEntry({
    id: "seller.v1.entry-timeout-is-a-number",
    requirement: "S1-02",
    title: "v1: Every `maxTimeoutSeconds` is a positive JSON number",
    holds: (entry) =>
      expectField(
        entry,
        "maxTimeoutSeconds",
        "a positive number",
        (value) => typeof value === "number" && value > 0,
      ),
  }),
  everyEntry({
    id: "seller.v1.entry-network-is-a-plain-name",
    requirement: "S1-03",
    title: "v1: Every `network` is a plain name such as base-sepolia",
    holds: (entry) => {
      const network = field(entry, "network");
      if (typeof network !== "string") throw new Unproven(`\`network\` is ${describeJson(network)}.`);
      const meant = v1NameOf(probableNetwork(network) ?? network);
      const isPlain = !network.includes(":") && (meant === undefined || meant === network);
      if (isPlain) return;
      throw new Finding(
        "`network` is not a name of x402 v1.",
        meant ?? "a plain name",
        JSON.stringify(network),
      );
    },
  }),
  defineCase({
    id: "seller.v1.entry-resource-is-the-requested-url",
    requirement: "S-CH-06",
    protocol: "x402@1",
    title: "v1: `resource` of every entry identifies the URL that was requested",
    probe: (t) =>
      t.ask().expect(
        challenge((c, { request }) => {
          const requested = new URL(request.target, request.origin);
          for (const entry of acceptsEntries(c)) {
            const url = field(entry, "resource");
            if (typeof url !== "string") throw new Unproven("`resource` is not a string.");
            if (URL.parse(url, request.origin)?.pathname === requested.pathname) continue;
            throw new Finding("`resource` names another resource.", String(requested), url);
          }
        }),
      ),
  }),
  defineCase({
    id: "seller.v1.refusal-has-the-same-keys",
    requirement: "S1-08",
    protocol: "x402@1",
    title: "v1: A 402 that refuses a payment is JSON with x402Version, error and accepts",
    control: aSale,
    probe: (t) =>
      t.buy({ signedByStranger: true }).expect(provided(refused), ({ answer }) => {
        if (answer.status !== 402) throw new NotApplicable(`The refusal is a ${answer.status}, not a 402.`);
        // Whether it is a challenge of v1, other cases judge.
        const body = parseJson(answer.body);
        const missing = ["x402Version", "error", "accepts"].filter((key) => field(body, key) === undefined);
        if (missing.length === 0) return;
        throw new Finding(
          "The refusal does not say all.",
          "x402Version, error, accepts",
          body === undefined
            ? `no JSON: ${JSON.stringify(answer.body.slice(0, 100))}`
            : `${describeJson(body)}, without ${missing.join(", ")}`,
        );
      }),
  }),
];

type Rule<Subject> = Pick<Case, "id" | "requirement" | "title"> & { holds: (subject: Subject) => void };

/** A case that holds the challenge against one rule. */
function theChallenge({ holds, ...definition }: Rule<Parameters<typeof acceptsEntries>[0]>): Case {
  return defineCase({ ...definition, protocol: "x402@1", probe: (t) => t.ask().expect(challenge(holds)) });
}

/** A case that holds every entry of `accepts` against one rule. */
function everyEntry({ holds, ...definition }: Rule<AcceptsEntry>): Case {
  return theChallenge({
    ...definition,
    holds: (c) => {
      const entries = acceptsEntries(c);
      if (entries.length === 0) throw new Unproven("`accepts` has no entry to look at.");
      for (const entry of entries) holds(entry);
    },
  });
}
