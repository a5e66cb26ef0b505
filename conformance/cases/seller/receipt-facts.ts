import {
  Difference,
  decodeBase64Text,
  Finding,
  field,
  type Json,
  type JsonObject,
  NotApplicable,
  parseJson,
  readSigned,
  signedReceiptIn,
  Unproven,
  v1NameOf,
} from "../../engine/index.ts";
import { type Case, defineCase, provided, served, settled, type Trader } from "../../engine/seller/index.ts";
import { isUnixSeconds, namesResource } from "./attested.ts";
import { aSale } from "./sale.ts";

/** A receipt as the seller signed it, and the sale that it is for. */
interface Attested {
  readonly payload: JsonObject;
  readonly network: string;
  readonly payer: string;
  /** The transaction that moved the money. */
  readonly transaction: string | undefined;
  readonly requested: URL;
  /** What the challenge calls it. */
  readonly resourceUrl: Json | undefined;
  /** When the answer was there, Unix seconds. */
  readonly at: number;
}

/** Something that a receipt says of its sale. */
interface Fact {
  readonly id: string;
  readonly title: string;
  readonly name: string;
  /** What it should say. */
  readonly expected: (sale: Attested) => string;
  /** Whether it says so; `undefined` where that cannot be told. */
  readonly holds: (told: Json | undefined, sale: Attested) => boolean | undefined;
  /** The extension leaves open how it is written: a warning. */
  readonly isLoose?: true;
}

const facts: readonly Fact[] = [
  {
    id: "receipts-name-the-payer",
    title: "A signed receipt that names an address as payer names the one that paid",
    name: "payer",
    expected: ({ payer }) => payer,
    // The extension lets a seller know its payers by other names than their addresses.
    holds: (told, { payer }) => (isHex(told, 40) ? told.toLowerCase() === payer.toLowerCase() : undefined),
  },
  {
    id: "receipts-name-the-transfer",
    title: "A signed receipt that tells a transaction tells the one that moved the money",
    name: "transaction",
    expected: ({ transaction }) => `${transaction}`,
    holds: (told, { transaction }) => (isHex(told, 64) ? told.toLowerCase() === transaction : undefined),
  },
  {
    id: "receipts-name-the-network",
    title: "Signed receipts name the network that was paid on",
    name: "network",
    expected: ({ network }) => network,
    // The v1 name of the right one is the matter of another case.
    holds: (told, { network }) => told === network || told === v1NameOf(network),
  },
  {
    id: "receipts-name-the-resource",
    title: "Signed receipts name the resource that was paid for",
    name: "resourceUrl",
    expected: ({ requested }) => requested.href,
    holds: (_told, { payload, requested, resourceUrl }) => namesResource(payload, requested, resourceUrl),
    isLoose: true,
  },
  {
    id: "receipts-are-of-now",
    title: "Signed receipts tell the time of the sale, in seconds",
    name: "issuedAt",
    expected: ({ at }) => `about ${at}`,
    holds: (told, { at }) => isUnixSeconds(told) && Math.abs(Number(told) - at) < clockSkew,
    isLoose: true,
  },
];

/** Seconds that a seller's clock may be off. */
const clockSkew = 600;

/** What signed receipts say (extension offer-receipt): one that tells of another sale is one for none. */
export const receiptFactsCases: readonly Case[] = facts.map(({ id, title, name, expected, holds, isLoose }) =>
  defineCase({
    id: `seller.offer-receipt.${id}`,
    requirement: "S-EXT-09",
    title,
    control: aSale,
    probe: async (t) => {
      const told = (await attestedSales(t)).map((sale) => {
        const value = field(sale.payload, name);
        return { value, sale, holds: holds(value, sale) };
      });
      if (told.every(({ holds }) => holds === undefined))
        throw new NotApplicable(`The seller's receipts leave out \`${name}\`, or have it in another form.`);
      const wrong = told.find(({ holds }) => holds === false);
      if (wrong === undefined) return;
      const Kind = isLoose ? Difference : Finding;
      throw new Kind(
        `The signed receipt tells another \`${name}\` than that of the sale.`,
        expected(wrong.sale),
        JSON.stringify(wrong.value) ?? "nothing",
      );
    },
  }),
);

/** Buys what the seller sells, and reads what it signs for that, in either format. */
async function attestedSales(t: Trader): Promise<Attested[]> {
  const { paid, alsoPaid = paid } = t.context.subject.requests;
  const sales: Attested[] = [];
  for (const bought of [paid, alsoPaid]) {
    const observed = await t
      .buy({}, bought)
      .expect(provided(served), provided(settled(1)))
      .done();
    const { request, answer, payment } = observed;
    const reading = t.dialect.readReceipt(answer);
    const receipt = reading.kind === "receipt" ? signedReceiptIn(reading.receipt) : undefined;
    if (receipt === undefined || payment === undefined) continue;
    const signed = await readSigned("receipt", receipt);
    if (signed.kind === "malformed") throw new Unproven(signed.why);
    const [transfer] = await observed.transfers();
    sales.push({
      payload: signed.payload,
      network: t.context.sandbox.network,
      payer: payment.payer,
      transaction: transfer?.transaction,
      requested: new URL(request.target, request.origin),
      resourceUrl: resourceEchoedIn(payment.header),
      at: Math.floor(Date.now() / 1000),
    });
  }
  if (sales.length === 0) throw new NotApplicable("The seller does not sign receipts.");
  return sales;
}

/** What the challenge called the resource: the payment repeats it. */
function resourceEchoedIn(header: string): Json | undefined {
  const decoded = decodeBase64Text(header);
  const message = decoded.kind === "text" ? parseJson(decoded.text) : undefined;
  return field(field(message, "resource"), "url");
}

function isHex(value: Json | undefined, digits: number): value is string {
  return typeof value === "string" && new RegExp(`^0x[0-9a-f]{${digits}}$`, "i").test(value);
}
