import { z } from "zod";
import { addressSchema, decimalSchema, hexSchema } from "../fields.ts";
import { type Parsed, parseWith } from "../parsed.ts";

/** Who is paid, and from when on. */
const exactWitnessSchema = z.object({ to: addressSchema, validAfter: decimalSchema });

/** The same, and the facilitator that alone may settle. */
const uptoWitnessSchema = exactWitnessSchema.extend({ facilitator: addressSchema });

function authorizationSchema<Witness extends z.ZodType>(witness: Witness) {
  return z.object({
    permitted: z.object({ token: addressSchema, amount: decimalSchema }),
    from: addressSchema,
    spender: addressSchema,
    nonce: decimalSchema,
    deadline: decimalSchema,
    witness,
  });
}

const exactAuthorizationSchema = authorizationSchema(exactWitnessSchema);
const uptoAuthorizationSchema = authorizationSchema(uptoWitnessSchema);

/**
 * What the payer of `exact` permits on the wire (exact on EVM, §2, phase 2): numbers are decimal strings, times are Unix
 * seconds.
 */
export type ExactPermit2Authorization = z.infer<typeof exactAuthorizationSchema>;

/** What the payer of `upto` permits on the wire (upto on EVM, phase 2): `permitted.amount` is the most that it pays. */
export type UptoPermit2Authorization = z.infer<typeof uptoAuthorizationSchema>;

export type Permit2Authorization = ExactPermit2Authorization | UptoPermit2Authorization;

const exactPayloadSchema = z.object({
  signature: hexSchema,
  permit2Authorization: exactAuthorizationSchema,
});
const uptoPayloadSchema = z.object({ signature: hexSchema, permit2Authorization: uptoAuthorizationSchema });

/** `payload` of a payment of `exact` by Permit2. */
export type ExactPermit2Payload = z.infer<typeof exactPayloadSchema>;

/** `payload` of a payment of `upto`. */
export type UptoPermit2Payload = z.infer<typeof uptoPayloadSchema>;

/** Reads the scheme-specific `payload` of a payment of `exact` by Permit2; refuses with `invalid_payload`. */
export function parseExactPermit2Payload(payload: unknown): Parsed<ExactPermit2Payload> {
  return parseWith(exactPayloadSchema, payload, "invalid_payload");
}

/** Reads the scheme-specific `payload` of a payment of `upto`; refuses with `invalid_payload`. */
export function parseUptoPermit2Payload(payload: unknown): Parsed<UptoPermit2Payload> {
  return parseWith(uptoPayloadSchema, payload, "invalid_payload");
}
