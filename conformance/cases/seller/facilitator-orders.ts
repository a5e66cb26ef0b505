import {
  acceptsEntries,
  describeJson,
  Finding,
  field,
  type JsonObject,
  NotApplicable,
  objectOf,
  parseJson,
  readChallenge,
  Unproven,
} from "../../engine/index.ts";
import { type Case, defineCase, type Trader } from "../../engine/seller/index.ts";
import { aSale } from "./sale.ts";

/** What the buyer adds to its copy of the terms: it may not reach the facilitator as the seller's. */
const addition = "x402-assay-of-the-buyer";

/** What the seller asks the facilitator: about its own terms, not about those that the buyer sent. */
export const facilitatorOrderCases: readonly Case[] = (["verify", "settle"] as const).map((endpoint) =>
  defineCase({
    id: `seller.terms.own-terms-sent-to-${endpoint}`,
    requirement: "S-PAY-15",
    title: `The requirements that the seller sends to /${endpoint} are its own`,
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      const offered = await offeredEntries(t);
      await t
        .buy({ accepted: (entry) => ({ ...entry, extra: { ...objectOf(entry.extra), [addition]: "1" } }) })
        .done();
      const asked = await requirementsSentTo(endpoint, t);
      if (asked.length === 0) throw new NotApplicable(`The seller does not call /${endpoint}.`);
      for (const requirements of asked) holdAgainstOffer(requirements, offered);
    },
  }),
);

function holdAgainstOffer(requirements: JsonObject, offered: readonly JsonObject[]): void {
  if (field(field(requirements, "extra"), addition) !== undefined)
    throw new Finding(
      "The buyer's own terms reached the facilitator as the seller's.",
      "no key of the buyer",
      addition,
    );
  if (offered.some((entry) => termsOf(entry) === termsOf(requirements))) return;
  throw new Finding(
    "The facilitator was asked about other terms than were offered.",
    offered.map(termsOf).join(" or "),
    termsOf(requirements),
  );
}

async function offeredEntries(t: Trader): Promise<readonly JsonObject[]> {
  const reading = readChallenge((await t.ask().done()).answer);
  if (reading.stage !== "object") throw new Unproven(`There is no readable challenge: ${reading.problem}.`);
  return acceptsEntries(reading.challenge);
}

async function requirementsSentTo(endpoint: "verify" | "settle", t: Trader): Promise<JsonObject[]> {
  const calls = (await t.facilitatorSaw()).filter((call) => call.endpoint === endpoint);
  return calls.map(({ request }) =>
    objectOf(field(parseJson(JSON.stringify(request)), "paymentRequirements")),
  );
}

/** What decides about money, in one line; addresses in any letter case. */
function termsOf(entry: JsonObject): string {
  return ["scheme", "network", "amount", "asset", "payTo"]
    .map((key) => describeJson(field(entry, key)).toLowerCase())
    .join(" ");
}
