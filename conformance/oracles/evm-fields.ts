import { type Address, getAddress, type Hex, isAddress, isHex } from "viem";
import type { Json } from "./wire/index.ts";

/** An address in any spelling, with its checksum; `undefined` when it is none. */
export function address(value: Json | undefined): Address | undefined {
  return typeof value === "string" && isAddress(value, { strict: false })
    ? getAddress(value.toLowerCase())
    : undefined;
}

/**
 * Hex digits, be they an odd number, which are no whole bytes; `undefined` when it is none. What a rule has to say about
 * that is not for the reader to decide, and what is signed with it can be read all the same.
 */
export function hex(value: Json | undefined): Hex | undefined {
  return typeof value === "string" && isHex(value) ? value : undefined;
}

/** A whole number in digits or as a JSON number; `undefined` when it is none. */
export function whole(value: Json | undefined): bigint | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : undefined;
  return typeof value === "string" && /^\d+$/.test(value) ? BigInt(value) : undefined;
}
