import { dialects } from "../engine/index.ts";
import type { RunContext } from "../engine/seller/index.ts";
import {
  type AcceptsEntry,
  acceptsEntries,
  describeJson,
  diagnose,
  field,
  type WireAnswer,
} from "../oracles/wire/index.ts";
import type { ProtocolId } from "../requirements/index.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

/** The offers of a challenge that can be read. */
export function entriesOf(answer: WireAnswer, protocol: ProtocolId): readonly AcceptsEntry[] | undefined {
  const reading = dialects[protocol].readChallenge(answer);
  return reading.stage === "object" ? acceptsEntries(reading.challenge) : undefined;
}

/** What the unpaid answer says at all. */
export function challengeFinding(
  answer: WireAnswer,
  protocol: ProtocolId,
  entries: readonly AcceptsEntry[] | undefined,
): Finding {
  if (answer.status !== 402) {
    return problem(
      "challenge",
      `It asks for no payment: its status is ${answer.status}.`,
      "Give --url, --method and --data a request that costs money, and let the seller guard it.",
    );
  }
  const advice = diagnose(answer, protocol === "x402@1" ? 1 : 2);
  const reading = dialects[protocol].readChallenge(answer);
  if (reading.stage !== "object" || entries === undefined) {
    const why = reading.stage === "object" ? "" : `: ${reading.problem}`;
    return problem(
      "challenge",
      `The 402 has no ${protocol} challenge that can be read${why}.`,
      advice.join(" ") || `Send ${dialects[protocol].challengePlace}.`,
    );
  }
  if (entries.length === 0)
    return problem(
      "challenge",
      "The challenge offers no way to pay.",
      advice.join(" ") || "Put at least one entry into accepts.",
    );
  if (advice.length > 0)
    return warning("challenge", "It can be read, but is not as it should be.", advice.join(" "));
  return ok(
    "challenge",
    `A 402 with ${protocol} and ${entries.length === 1 ? "one offer" : `${entries.length} offers`}.`,
  );
}

/** Whether chain, asset and signing domain of an offer are the sandbox's. */
export function* termsFindings(
  entries: readonly AcceptsEntry[],
  { sandbox, tokenDomain }: RunContext,
  protocol: ProtocolId,
): Generator<Finding> {
  const network = dialects[protocol].networkName(sandbox.network) ?? sandbox.network;
  const here = entries.filter((entry) => field(entry, "network") === network);
  const valuesOf = (list: readonly AcceptsEntry[], name: string) =>
    [...new Set(list.map((entry) => describeJson(field(entry, name))))].join(", ");
  if (here.length === 0) {
    yield problem(
      "chain",
      `The seller wants to be paid on ${valuesOf(entries, "network")}; the sandbox is ${network}.`,
      `Let it take NETWORK from its environment, or set it to ${network}.`,
    );
    return;
  }
  yield ok("chain", `${network}, as the sandbox.`);
  const inAsset = here.filter(
    (entry) => String(field(entry, "asset")).toLowerCase() === sandbox.asset.toLowerCase(),
  );
  const [offer] = inAsset;
  if (offer === undefined) {
    yield problem(
      "asset",
      `The seller wants the token ${valuesOf(here, "asset")}; the sandbox has ${sandbox.asset}.`,
      "Let it take ASSET_ADDRESS from its environment, or set it to this.",
    );
    return;
  }
  yield ok("asset", `${sandbox.asset}, as the sandbox.`);
  const extra = field(offer, "extra");
  const said = { name: field(extra, "name"), version: field(extra, "version") };
  const isSame = said.name === tokenDomain.name && said.version === tokenDomain.version;
  const domain = `name ${JSON.stringify(tokenDomain.name)}, version ${JSON.stringify(tokenDomain.version)}`;
  yield isSame
    ? ok("domain", `${domain}, as the token's contract says.`)
    : problem(
        "domain",
        `The offer's extra says name ${describeJson(said.name)}, version ${describeJson(said.version)}; the token signs under ${domain}.`,
        `Set extra to ${JSON.stringify(tokenDomain)}.`,
      );
}

/** The price of the first offer, in atomic units. */
export function priceOf(
  entries: readonly AcceptsEntry[] | undefined,
  protocol: ProtocolId,
): bigint | undefined {
  const amount = field(entries?.[0], dialects[protocol].priceField);
  return typeof amount === "string" && /^\d{1,30}$/.test(amount) ? BigInt(amount) : undefined;
}
