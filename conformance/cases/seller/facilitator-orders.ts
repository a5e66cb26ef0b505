import {
  describeJson,
  Finding,
  field,
  type JsonObject,
  NotApplicable,
  objectOf,
  parseJson,
} from "../../engine/index.ts";
import { type Case, defineCase, type PresentedPayment } from "../../engine/seller/index.ts";
import { aSale } from "./sale.ts";

/** What the buyer adds to its copy of the terms: it may not reach the facilitator as the seller's. */
const addition = "x402-assay-of-the-buyer";

/** What the seller asks the facilitator: about its own terms, not about those that the buyer sent. */
const ownTermsCases: readonly Case[] = (["verify", "settle"] as const).map((endpoint) =>
  defineCase({
    id: `seller.terms.own-terms-sent-to-${endpoint}`,
    requirement: "S-PAY-15",
    title: `The requirements that the seller sends to /${endpoint} are its own`,
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      const honest = t.lastPayment;
      const { payment } = await t
        .buy({ accepted: (entry) => ({ ...entry, extra: { ...objectOf(entry.extra), [addition]: "1" } }) })
        .done();
      const calls = (await t.facilitatorSaw()).filter((call) => call.endpoint === endpoint);
      if (calls.length === 0) throw new NotApplicable(`The seller does not call /${endpoint}.`);
      for (const { request } of calls) {
        const text = JSON.stringify(request);
        const paid = [honest, payment].find((each) => each !== undefined && isAbout(text, each));
        if (paid !== undefined)
          holdAgainstOffer(objectOf(field(parseJson(text), "paymentRequirements")), paid.entry);
      }
    },
  }),
);

/** What sellers ask facilitators for. */
export const facilitatorOrderCases: readonly Case[] = [
  ...ownTermsCases,
  defineCase({
    id: "seller.terms.calls-name-the-version",
    requirement: "S-ORD-22",
    protocol: "any",
    title: "What the seller sends to the facilitator has an `x402Version`, that of the payment beside it",
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      const calls = (await t.facilitatorSaw()).filter(({ endpoint }) => endpoint !== "supported");
      if (calls.length === 0) throw new NotApplicable("The seller asked the facilitator nothing.");
      for (const { endpoint, request } of calls) {
        const call = parseJson(JSON.stringify(request));
        const [named, version] = [
          field(call, "x402Version"),
          field(field(call, "paymentPayload"), "x402Version"),
        ];
        if (named === version) continue;
        throw new Finding(
          `A call of /${endpoint} does not name its version: not every facilitator takes it from the payment.`,
          `x402Version ${describeJson(version)} beside paymentPayload and paymentRequirements`,
          `x402Version ${describeJson(named)}`,
        );
      }
    },
  }),
];

function holdAgainstOffer(requirements: JsonObject, offered: JsonObject): void {
  if (field(field(requirements, "extra"), addition) !== undefined)
    throw new Finding(
      "The buyer's own terms reached the facilitator as the seller's.",
      "no key of the buyer",
      addition,
    );
  if (termsOf(offered) === termsOf(requirements)) return;
  throw new Finding(
    "The facilitator was asked about other terms than were offered.",
    termsOf(offered),
    termsOf(requirements),
  );
}

/** Each payment was made for an offer of its own. */
function isAbout(call: string, { id }: PresentedPayment): boolean {
  return call.toLowerCase().includes(id.toLowerCase());
}

/** What decides about money, in one line; addresses in any letter case. */
function termsOf(entry: JsonObject): string {
  return ["scheme", "network", "amount", "asset", "payTo"]
    .map((key) => describeJson(field(entry, key)).toLowerCase())
    .join(" ");
}
