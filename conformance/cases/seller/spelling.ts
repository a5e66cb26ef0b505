import { type Json, objectOf } from "../../engine/index.ts";
import {
  type Case,
  defineCase,
  type PaymentChange,
  refusedCleanly,
  served,
  settled,
  turnedAway,
} from "../../engine/seller/index.ts";
import { rewritten, spacedUntil } from "./payment-text.ts";
import { eachEitherWay } from "./tampering.ts";

/** A header whose base64 has one of the two letters in which the alphabets differ. */
const withPlusOrSlash = spacedUntil((header) => /[+/]/.test(header));

const withPadding = spacedUntil((header) => header.endsWith("="));

/** An honest payment, spelled otherwise than the protocol says: never free, never a crash. */
export const spellingCases: readonly Case[] = [
  defineCase({
    id: "seller.malformed.base64url",
    requirement: "S-PAY-04",
    title: "A payment in the base64url alphabet is refused",
    control: (t) => t.buy({ header: withPlusOrSlash }).expect(served, settled(1)),
    probe: (t) =>
      t.buy({ header: (value) => base64url(withPlusOrSlash(value)) }).expect(refusedCleanly, turnedAway),
  }),
  defineCase({
    id: "seller.malformed.without-padding",
    requirement: "S-PAY-04",
    title: "A payment whose base64 lacks its padding is taken",
    control: (t) => t.buy({ header: withPadding }).expect(served, settled(1)),
    probe: (t) =>
      t.buy({ header: (value) => withPadding(value).replace(/=+$/, "") }).expect(served, settled(1)),
  }),
  eachEitherWay({
    id: "seller.malformed.almost-base64",
    requirement: "S-PAY-02",
    title: "A payment header with something around or within its base64 is refused, or charged as any other",
    changes: {
      "in quotes": { header: (value) => `"${value}"` },
      "after a scheme": { header: (value) => `x402 ${value}` },
      "with a blank within": { header: (value) => `${value.slice(0, 40)} ${value.slice(40)}` },
      "percent-encoded": { header: (value) => `${encodeURIComponent(value)}%3D` },
      "with more after the padding": { header: (value) => `${withPadding(value)}AAAA` },
      "twice base64": { header: (value) => Buffer.from(value).toString("base64") },
    },
  }),
  eachEitherWay({
    id: "seller.malformed.odd-numbers",
    requirement: "S-PAY-03",
    title: "An amount that is no plain decimal string is refused, or charged as any other",
    changes: {
      "a JSON number": signing((value) => Number(value)),
      "with an exponent": signing((value) => `${value}e0`),
      "with a decimal point": signing((value) => `${value}.0`),
      hexadecimal: signing((value) => `0x${value.toString(16)}`),
      "with a sign": signing((value) => `+${value}`),
      negative: signing((value) => `-${value}`),
      "after a blank": signing((value) => ` ${value}`),
      "after zeros": signing((value) => `000${value}`),
      "2^256 more than was signed": signing((value) => String(value + 2n ** 256n)),
      empty: signing(() => ""),
      null: signing(() => null),
      "in an array": signing((value) => [String(value)]),
      NaN: { header: rewritten((text) => text.replace(/"value":"\d+"/, '"value":NaN')) },
      Infinity: { header: rewritten((text) => text.replace(/"value":"\d+"/, '"value":Infinity')) },
    },
  }),
  eachEitherWay({
    id: "seller.malformed.odd-letters",
    requirement: "S-PAY-03",
    title:
      "A payment with letters that look like others, or like nothing, is refused, or charged as any other",
    changes: {
      "full-width digits": signing((value) => digitsFrom(0xff10, value)),
      "Arabic digits": signing((value) => digitsFrom(0x0660, value)),
      "a zero-width space": signing((value) => `\u200b${value}`),
      "a NUL": signing((value) => `${value}\u0000`),
      "half a character": { envelope: (payment) => ({ ...payment, note: "\ud800" }) },
      "Cyrillic letters": { accepted: (entry) => ({ ...entry, scheme: "\u0435\u0445\u0430ct" }) },
      "a byte order mark": { header: rewritten((text) => `\ufeff${text}`) },
      "bytes that are no UTF-8": { header: (value) => Buffer.from(brokenUtf8(value)).toString("base64") },
    },
  }),
  eachEitherWay({
    id: "seller.malformed.odd-extras",
    requirement: "S-PAY-03",
    title: "A payment whose `resource` or `extensions` is no object is refused, or charged as any other",
    changes: {
      "resource: null": { envelope: (payment) => ({ ...payment, resource: null }) },
      "resource: a string": { envelope: (payment) => ({ ...payment, resource: "/weather" }) },
      "extensions: null": { envelope: (payment) => ({ ...payment, extensions: null }) },
      "extensions: an array": { envelope: (payment) => ({ ...payment, extensions: [] }) },
      "extensions: a string": { envelope: (payment) => ({ ...payment, extensions: "none" }) },
    },
  }),
];

function base64url(header: string): string {
  return header.replaceAll("+", "-").replaceAll("/", "_");
}

/** The amount is signed as it should be, and written otherwise. */
function signing(write: (value: bigint) => Json): PaymentChange {
  return {
    envelope: (payment) => {
      const payload = objectOf(payment.payload);
      const authorization = objectOf(payload.authorization);
      const value = write(BigInt(String(authorization.value)));
      return { ...payment, payload: { ...payload, authorization: { ...authorization, value } } };
    },
  };
}

/** The decimal digits of `value` in the script whose zero is `zero`. */
function digitsFrom(zero: number, value: bigint): string {
  return [...String(value)].map((digit) => String.fromCodePoint(zero + Number(digit))).join("");
}

/** Within the first string of the JSON text, a byte that starts nothing. */
function brokenUtf8(header: string): Uint8Array {
  const [before = "", ...after] = Buffer.from(header, "base64").toString("latin1").split(':"');
  return Buffer.from(`${before}:"\xff${after.join(':"')}`, "latin1");
}
