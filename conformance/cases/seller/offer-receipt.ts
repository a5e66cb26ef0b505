import {
  type Artifact,
  Finding,
  field,
  type Json,
  NotApplicable,
  offersIn,
  readSigned,
  type SignedReading,
  signedReceiptIn,
  Unproven,
} from "../../engine/index.ts";
import {
  type ApiRequest,
  type Case,
  defineCase,
  provided,
  refused,
  served,
  type Trader,
} from "../../engine/seller/index.ts";

/** What a seller signs (extension offer-receipt), by sellers that offer it. */
export const offerReceiptCases: readonly Case[] = [
  defineCase({
    id: "seller.offer-receipt.offers-are-signed",
    requirement: "S-EXT-07",
    title: "Offers are signed by EIP-712 under the types that the extension fixes",
    probe: async (t) => {
      const offers = await signedOffers(t);
      isSignedAsFixed(await byEip712("offer", offers), payees(offers));
    },
  }),
  defineCase({
    id: "seller.offer-receipt.receipts-are-signed",
    requirement: "S-EXT-07",
    title: "Receipts are signed by EIP-712 under the types that the extension fixes",
    probe: async (t) => {
      const offers = await signedOffers(t);
      const receipts = await signedReceipts(t);
      isSignedAsFixed(await byEip712("receipt", receipts), payees(offers), await read("offer", offers));
    },
  }),
  defineCase({
    id: "seller.offer-receipt.types-are-not-sent",
    requirement: "S-EXT-07",
    title: "Offers and receipts come without the types that they are signed under",
    probe: async (t) => {
      for (const signed of [...(await signedOffers(t)), ...(await receiptsIfAny(t))]) {
        const sent = ["types", "primaryType"].filter((name) => field(signed, name) !== undefined);
        if (sent.length === 0) continue;
        throw new Finding(
          "An offer or a receipt brings the types that it is signed under.",
          "format, payload and signature",
          `also ${sent.join(" and ")}`,
        );
      }
    },
  }),
  defineCase({
    id: "seller.offer-receipt.networks-are-caip2",
    requirement: "S-EXT-08",
    title: "Offers and receipts name networks by CAIP-2",
    probe: async (t) => {
      const offers = await read("offer", await signedOffers(t));
      const receipts = await read("receipt", await receiptsIfAny(t));
      for (const reading of [...offers, ...receipts]) {
        if (reading.kind === "malformed") throw new Unproven(reading.why);
        const { network } = reading.payload;
        if (typeof network === "string" && /^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$/.test(network)) continue;
        throw new Finding(
          "A signed payload does not name its network by CAIP-2.",
          t.context.sandbox.network,
          JSON.stringify(network),
        );
      }
    },
  }),
  defineCase({
    id: "seller.offer-receipt.no-receipt-for-a-failed-settlement",
    requirement: "S-EXT-09",
    title: "No receipt is signed for a payment whose settlement failed",
    needs: ["own-facilitator"],
    control: async (t) => {
      await signedReceipts(t);
    },
    probe: async (t) => {
      const { answer } = await t.underFault("settle-refuses", t.buy().expect(provided(refused)));
      const reading = t.dialect.readReceipt(answer);
      if (reading.kind !== "receipt" || signedReceiptIn(reading.receipt) === undefined) return;
      throw new Finding(
        "The seller signed a receipt for what it did not deliver.",
        "no receipt in `extensions`",
        JSON.stringify(signedReceiptIn(reading.receipt)).slice(0, 200),
      );
    },
  }),
];

/** Two requests that are paid for, if there are two: what is signed for them differs. */
function paidRequests(t: Trader): ApiRequest[] {
  const { paid, alsoPaid } = t.context.subject.requests;
  return alsoPaid === undefined ? [paid, paid] : [paid, alsoPaid];
}

async function signedOffers(t: Trader): Promise<Json[]> {
  const offers: Json[] = [];
  for (const request of paidRequests(t)) {
    const { answer } = await t.ask(request).done();
    const reading = t.dialect.readChallenge(answer);
    if (reading.stage === "object") offers.push(...offersIn(reading.challenge));
  }
  if (offers.length === 0) throw new NotApplicable("The seller does not sign offers.");
  return offers;
}

async function receiptsIfAny(t: Trader): Promise<Json[]> {
  const receipts: Json[] = [];
  for (const request of paidRequests(t)) {
    const { answer } = await t.buy({}, request).expect(provided(served)).done();
    const reading = t.dialect.readReceipt(answer);
    const signed = reading.kind === "receipt" ? signedReceiptIn(reading.receipt) : undefined;
    if (signed !== undefined) receipts.push(signed);
  }
  return receipts;
}

async function signedReceipts(t: Trader): Promise<Json[]> {
  const receipts = await receiptsIfAny(t);
  if (receipts.length === 0) throw new NotApplicable("The seller does not sign receipts.");
  return receipts;
}

function read(artifact: Artifact, signed: readonly Json[]): Promise<SignedReading[]> {
  return Promise.all(signed.map((one) => readSigned(artifact, one)));
}

/** The readings of those that are signed by EIP-712; what cannot be read is not signed. */
async function byEip712(artifact: Artifact, signed: readonly Json[]): Promise<SignedReading[]> {
  const readings = await read(artifact, signed);
  const malformed = readings.find(({ kind }) => kind === "malformed");
  if (malformed?.kind === "malformed") {
    throw new Finding(
      `The ${artifact} is not signed as it must be.`,
      "format, payload and signature",
      malformed.why,
    );
  }
  const eip712 = readings.filter(({ kind }) => kind === "eip712");
  if (eip712.length === 0) throw new NotApplicable("The seller signs by JWS; the suite verifies EIP-712.");
  return eip712;
}

/** Who is paid by the offers: the one key that a buyer knows to be the seller's. */
function payees(offers: readonly Json[]): string[] {
  return offers.flatMap((offer) => {
    const payTo = field(field(offer, "payload"), "payTo");
    return typeof payTo === "string" ? [payTo.toLowerCase()] : [];
  });
}

/**
 * A signature over something else recovers to an address that nobody has, another one each time. So either the payee
 * signed, or two different artifacts must have one signer.
 */
function isSignedAsFixed(
  artifacts: readonly SignedReading[],
  payee: readonly string[],
  others: readonly SignedReading[] = [],
): void {
  const seen = [...artifacts, ...others].flatMap((reading) => (reading.kind === "eip712" ? [reading] : []));
  const signerOf = new Map(seen.map(({ digest, signer }) => [digest, signer.toLowerCase()]));
  const signers = [...signerOf.values()];
  const own = artifacts.flatMap((reading) =>
    reading.kind === "eip712" ? [reading.signer.toLowerCase()] : [],
  );
  if (own.every((signer) => payee.includes(signer) || signers.filter((one) => one === signer).length > 1))
    return;
  if (signerOf.size < 2) throw new Unproven("There is only one signature, and it is not the payee's.");
  throw new Finding(
    "The signatures are not over what the extension says.",
    "one signer for all of them, under the types of offer-receipt §4.3 and §5.3",
    `signers ${signers.join(", ")}`,
  );
}
