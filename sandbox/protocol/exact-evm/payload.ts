import { z } from "zod";
import { addressSchema, bytes32Schema, decimalSchema, hexSchema } from "../fields.ts";
import { type Parsed, parseWith } from "../parsed.ts";

/** An EIP-3009 authorization on the wire: numbers are decimal strings, times are Unix seconds (x402 v2 §6.1). */
export const authorizationSchema = z.object({
  from: addressSchema,
  to: addressSchema,
  value: decimalSchema,
  validAfter: decimalSchema,
  validBefore: decimalSchema,
  nonce: bytes32Schema,
});
export type Authorization = z.infer<typeof authorizationSchema>;

/** `payload` of the `exact` scheme on EVM with EIP-3009. */
export const exactEvmPayloadSchema = z.object({
  signature: hexSchema,
  authorization: authorizationSchema,
});
export type ExactEvmPayload = z.infer<typeof exactEvmPayloadSchema>;

/** Reads a payment's scheme-specific `payload`; refuses with `invalid_payload`. */
export function parseExactEvmPayload(payload: unknown): Parsed<ExactEvmPayload> {
  return parseWith(exactEvmPayloadSchema, payload, "invalid_payload");
}
