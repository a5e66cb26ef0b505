import {
  Difference,
  Finding,
  field,
  type Json,
  type JsonObject,
  NotApplicable,
  offersIn,
  readSigned,
  Unproven,
  v1NameOf,
} from "../../engine/index.ts";
import { type Case, defineCase, type Trader } from "../../engine/seller/index.ts";
import { isUnixSeconds, namesResource } from "./attested.ts";
import { aSale } from "./sale.ts";

/** An offer as the seller signed it, and the challenge that it came with. */
interface StatedOffer {
  readonly payload: JsonObject;
  readonly acceptIndex: Json | undefined;
  readonly accepts: readonly Json[];
  /** What was asked for. */
  readonly requested: URL;
  /** What the challenge calls it. */
  readonly resourceUrl: Json | undefined;
}

/** What signed offers say (extension offer-receipt), by sellers that make them. */
export const offerTermsCases: readonly Case[] = [
  defineCase({
    id: "seller.offer-receipt.offers-are-of-accepts",
    requirement: "S-EXT-12",
    title: "Every signed offer states the terms of an entry of `accepts`",
    control: aSale,
    probe: async (t) => {
      const stranger = (await statedOffers(t)).find(
        ({ payload, accepts }) => !accepts.some((entry) => states(payload, entry)),
      );
      if (stranger === undefined) return;
      throw new Finding(
        "The seller signs an offer that it does not make.",
        `one of ${stranger.accepts.map(termsOf).join("; ")}`,
        termsOf(stranger.payload),
      );
    },
  }),
  // What follows, a buyer need not rely on, or the extension leaves open how it is written: a warning.
  defineCase({
    id: "seller.offer-receipt.offers-name-the-resource",
    requirement: "S-EXT-12",
    title: "Signed offers name the resource that was asked for",
    control: aSale,
    probe: async (t) => {
      const other = (await statedOffers(t)).find(
        ({ payload, requested, resourceUrl }) => !namesResource(payload, requested, resourceUrl),
      );
      if (other === undefined) return;
      throw new Difference(
        "A signed offer is for another resource.",
        other.requested.href,
        JSON.stringify(field(other.payload, "resourceUrl")),
      );
    },
  }),
  defineCase({
    id: "seller.offer-receipt.offers-are-valid-now",
    requirement: "S-EXT-12",
    title: "A signed offer that ends does so in the future, told in seconds",
    control: aSale,
    probe: async (t) => {
      const ends = (await statedOffers(t)).flatMap(({ payload }) => field(payload, "validUntil") ?? []);
      const stated = ends.filter((end) => Number(end) !== 0);
      if (stated.length === 0) throw new NotApplicable("The seller's offers do not say until when.");
      const past = stated.find((end) => !isUnixSeconds(end) || Number(end) < Date.now() / 1000 - clockSkew);
      if (past === undefined) return;
      throw new Difference(
        "A signed offer is over when it is made, or does not tell its end in seconds.",
        `validUntil after ${Math.floor(Date.now() / 1000)}`,
        JSON.stringify(past),
      );
    },
  }),
  defineCase({
    id: "seller.offer-receipt.offers-point-at-their-entry",
    requirement: "S-EXT-12",
    title: "Where a signed offer points at an entry of `accepts`, that has its terms",
    control: aSale,
    probe: async (t) => {
      const pointing = (await statedOffers(t)).filter(
        ({ payload, accepts, acceptIndex }) =>
          acceptIndex !== undefined && accepts.some((entry) => states(payload, entry)),
      );
      if (pointing.length === 0) throw new NotApplicable("The seller's offers point at no entry.");
      const astray = pointing.find(({ payload, accepts, acceptIndex }) => {
        const entry = typeof acceptIndex === "number" ? accepts[acceptIndex] : undefined;
        return entry === undefined || !states(payload, entry);
      });
      if (astray === undefined) return;
      throw new Difference(
        "A signed offer points at another entry, or at none.",
        `acceptIndex ${astray.accepts.findIndex((entry) => states(astray.payload, entry))}`,
        `acceptIndex ${JSON.stringify(astray.acceptIndex)}`,
      );
    },
  }),
];

/** Seconds that a seller's clock may be off. */
const clockSkew = 60;

const terms = ["scheme", "network", "asset", "payTo", "amount"] as const;

/** Whether an offer has the terms of this entry. A network by its v1 name is the matter of another case. */
function states(payload: JsonObject, entry: Json): boolean {
  return terms.every((term) => {
    const [offered, accepted] = [payload, entry].map((terms) => spelled(field(terms, term)));
    return offered === accepted || (term === "network" && offered === v1NameOf(accepted ?? ""));
  });
}

/** Addresses of EVM chains are the same in any letter case. */
function spelled(value: Json | undefined): string | undefined {
  if (typeof value !== "string") return value === undefined ? undefined : JSON.stringify(value);
  return value.startsWith("0x") ? value.toLowerCase() : value;
}

function termsOf(entry: Json): string {
  return terms.map((term) => `${term} ${spelled(field(entry, term)) ?? "missing"}`).join(", ");
}

/** What the seller signs when it is asked for what it sells, by either format. */
async function statedOffers(t: Trader): Promise<StatedOffer[]> {
  const { paid, alsoPaid = paid } = t.context.subject.requests;
  const stated: StatedOffer[] = [];
  for (const asked of [paid, alsoPaid]) {
    const { request, answer } = await t.ask(asked).done();
    const reading = t.dialect.readChallenge(answer);
    if (reading.stage !== "object") continue;
    const { challenge } = reading;
    const accepts = field(challenge, "accepts");
    for (const offer of offersIn(challenge)) {
      const signed = await readSigned("offer", offer);
      if (signed.kind === "malformed") throw new Unproven(signed.why);
      stated.push({
        payload: signed.payload,
        acceptIndex: field(offer, "acceptIndex"),
        accepts: Array.isArray(accepts) ? accepts : [],
        requested: new URL(request.target, request.origin),
        resourceUrl: field(field(challenge, "resource"), "url"),
      });
    }
  }
  if (stated.length === 0) throw new NotApplicable("The seller does not sign offers.");
  return stated;
}
