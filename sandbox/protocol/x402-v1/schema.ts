import { z } from "zod";
import { decimalSchema } from "../fields.ts";

/* Objects are loose, as in v2: a reader ignores what it does not know, and keeps it. */

/** A network by its plain v1 name, such as `base-sepolia`; CAIP-2 names are v2's (x402 v1 §11.1). */
const networkNameSchema = z
  .string()
  .regex(/^[^:]+$/, "expected a plain network name such as base-sepolia, not CAIP-2");

/**
 * One way to pay (x402 v1 §5.1.2). `maxAmountRequired` is in atomic units, as decimal digits; `resource` is the URL
 * that is paid for; `extra` holds the token's EIP-712 domain `name` and `version`.
 */
export const paymentRequirementsV1Schema = z.looseObject({
  scheme: z.string().min(1),
  network: networkNameSchema,
  maxAmountRequired: decimalSchema,
  asset: z.string().min(1),
  payTo: z.string().min(1),
  resource: z.url(),
  description: z.string(),
  mimeType: z.string().optional(),
  outputSchema: z.record(z.string(), z.unknown()).nullish(),
  maxTimeoutSeconds: z.number().positive(),
  extra: z.record(z.string(), z.unknown()).nullish(),
});
export type PaymentRequirementsV1 = z.infer<typeof paymentRequirementsV1Schema>;

/** The challenge: the JSON body of a 402 (x402 v1 §5.1). */
export const paymentRequiredV1Schema = z.looseObject({
  x402Version: z.literal(1),
  error: z.string(),
  accepts: z.array(paymentRequirementsV1Schema),
});
export type PaymentRequiredV1 = z.infer<typeof paymentRequiredV1Schema>;

/** What the buyer sends (x402 v1 §5.2). It does not say which terms it accepts but for scheme and network. */
export const paymentPayloadV1Schema = z.looseObject({
  x402Version: z.literal(1),
  scheme: z.string().min(1),
  network: networkNameSchema,
  payload: z.record(z.string(), z.unknown()),
});
export type PaymentPayloadV1 = z.infer<typeof paymentPayloadV1Schema>;

/** The receipt (x402 v1 §5.3). `transaction` is `""` when nothing was broadcast. */
export const settleResponseV1Schema = z.looseObject({
  success: z.boolean(),
  errorReason: z.string().optional(),
  transaction: z.string(),
  network: z.union([networkNameSchema, z.literal("")]),
  payer: z.string().optional(),
});
export type SettleResponseV1 = z.infer<typeof settleResponseV1Schema>;
