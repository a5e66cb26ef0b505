import type { Address, Hex } from "viem";
import { isAddress, isHex } from "viem/utils";
import { z } from "zod";

/** Largest amount that a token knows. */
const maxUint256 = 2n ** 256n - 1n;

/** A 20-byte hex address in any case; the spelling that was received is kept. */
export const addressSchema = z.custom<Address>(
  (value) => typeof value === "string" && isAddress(value, { strict: false }),
  "expected a 20-byte hex address",
);

/** Hex bytes of any length, `0x` included. */
export const hexSchema = z.custom<Hex>(
  (value) => isHex(value) && value.length % 2 === 0,
  "expected 0x-prefixed hex bytes",
);

/** 32 bytes of hex: an authorization's nonce. */
export const bytes32Schema = z.custom<Hex>(
  (value) => isHex(value) && value.length === 66,
  "expected 32 bytes of 0x-prefixed hex",
);

/** An unsigned integer in decimal digits, at most 2^256−1; the wire form of atomic amounts and times. */
export const decimalSchema = z
  .string()
  .refine(
    (text) => /^\d{1,78}$/.test(text) && BigInt(text) <= maxUint256,
    "expected a decimal integer string below 2^256",
  );
