import { z } from "zod";
import { decimalSchema } from "../fields.ts";
import { networkSchema } from "../network.ts";

/*
 * Objects are loose: unknown fields are kept, because `accepted` and `extensions` must be echoed in full
 * (x402 v2 §5.1.2, §5.2.2) and every reader has to ignore what it does not know.
 */

/** The resource that is paid for (x402 v2 §5.1.2). */
export const resourceInfoSchema = z.looseObject({
  url: z.string(),
  description: z.string().optional(),
  mimeType: z.string().optional(),
});
export type ResourceInfo = z.infer<typeof resourceInfoSchema>;

/**
 * One way to pay (x402 v2 §5.1.2). `amount` is in atomic units, as decimal digits; `maxTimeoutSeconds` bounds the
 * life of the authorization; `extra` holds what the scheme needs, for `exact` on EVM the token's domain `name` and
 * `version`.
 */
export const paymentRequirementsSchema = z.looseObject({
  scheme: z.string().min(1),
  network: networkSchema,
  amount: decimalSchema,
  asset: z.string().min(1),
  payTo: z.string().min(1),
  maxTimeoutSeconds: z.number().positive(),
  extra: z.record(z.string(), z.unknown()).optional(),
});
export type PaymentRequirements = z.infer<typeof paymentRequirementsSchema>;

/** Extensions by key; the server's `info` and `schema` come back from the client unchanged, additions allowed. */
export const extensionsSchema = z.record(z.string(), z.unknown());
export type Extensions = z.infer<typeof extensionsSchema>;

/** The challenge: what a 402 demands (x402 v2 §5.1). */
export const paymentRequiredSchema = z.looseObject({
  x402Version: z.literal(2),
  error: z.string().optional(),
  resource: resourceInfoSchema,
  accepts: z.array(paymentRequirementsSchema),
  extensions: extensionsSchema.optional(),
});
export type PaymentRequired = z.infer<typeof paymentRequiredSchema>;

/** What the buyer sends: the entry of `accepts` it chose, and the scheme's own `payload` (x402 v2 §5.2). */
export const paymentPayloadSchema = z.looseObject({
  x402Version: z.literal(2),
  resource: resourceInfoSchema.optional(),
  accepted: paymentRequirementsSchema,
  payload: z.record(z.string(), z.unknown()),
  extensions: extensionsSchema.optional(),
});
export type PaymentPayload = z.infer<typeof paymentPayloadSchema>;

/** The receipt (x402 v2 §5.3). `transaction` is `""` when nothing was broadcast. */
export const settleResponseSchema = z.looseObject({
  success: z.boolean(),
  errorReason: z.string().optional(),
  errorMessage: z.string().optional(),
  payer: z.string().optional(),
  transaction: z.string(),
  network: z.union([networkSchema, z.literal("")]),
  amount: z.string().optional(),
  extensions: extensionsSchema.optional(),
});
export type SettleResponse = z.infer<typeof settleResponseSchema>;

/** The facilitator's opinion of a payment (x402 v2 §5.4). */
export const verifyResponseSchema = z.looseObject({
  isValid: z.boolean(),
  invalidReason: z.string().optional(),
  invalidMessage: z.string().optional(),
  payer: z.string().optional(),
});
export type VerifyResponse = z.infer<typeof verifyResponseSchema>;

/** What a facilitator can do (x402 v2 §7.3.1). `signers` maps CAIP-2 patterns to the addresses that settle. */
export const supportedResponseSchema = z.looseObject({
  kinds: z.array(
    z.looseObject({
      x402Version: z.number(),
      scheme: z.string(),
      network: z.string(),
      extra: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
  extensions: z.array(z.string()),
  signers: z.record(z.string(), z.array(z.string())),
});
export type SupportedResponse = z.infer<typeof supportedResponseSchema>;

/** Body of `POST /verify` and `POST /settle` (x402 v2 §7.1, §7.2). */
export interface FacilitatorRequest {
  readonly x402Version: 2;
  readonly paymentPayload: PaymentPayload;
  readonly paymentRequirements: PaymentRequirements;
}
