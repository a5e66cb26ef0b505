import { z } from "zod";
import { addressSchema, decimalSchema, hexSchema } from "../fields.ts";
import { type Parsed, parseWith } from "../parsed.ts";

/**
 * What the payer permits on the wire (exact on EVM, §2, phase 2): numbers are decimal strings, times are Unix seconds.
 * The witness names who is paid; of `upto`, also the facilitator that alone may settle.
 */
export const permit2AuthorizationSchema = z.object({
  permitted: z.object({ token: addressSchema, amount: decimalSchema }),
  from: addressSchema,
  spender: addressSchema,
  nonce: decimalSchema,
  deadline: decimalSchema,
  witness: z.object({
    to: addressSchema,
    facilitator: addressSchema.optional(),
    validAfter: decimalSchema,
  }),
});
export type Permit2Authorization = z.infer<typeof permit2AuthorizationSchema>;

/** `payload` of a payment by Permit2. */
export const permit2PayloadSchema = z.object({
  signature: hexSchema,
  permit2Authorization: permit2AuthorizationSchema,
});
export type Permit2Payload = z.infer<typeof permit2PayloadSchema>;

/** Reads a payment's scheme-specific `payload`; refuses with `invalid_payload`. */
export function parsePermit2Payload(payload: unknown): Parsed<Permit2Payload> {
  return parseWith(permit2PayloadSchema, payload, "invalid_payload");
}
