import { type Address, type Hex, isAddress, isHex } from "viem";
import type { Json } from "./wire/index.ts";

/** An address in any spelling; `undefined` when it is none. */
export function address(value: Json | undefined): Address | undefined {
  return typeof value === "string" && isAddress(value, { strict: false }) ? value : undefined;
}

/** Hex; `undefined` when it is none. */
export function hex(value: Json | undefined): Hex | undefined {
  return typeof value === "string" && isHex(value) ? value : undefined;
}

/** A whole number in digits or as a JSON number; `undefined` when it is none. */
export function whole(value: Json | undefined): bigint | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : undefined;
  return typeof value === "string" && /^\d+$/.test(value) ? BigInt(value) : undefined;
}
