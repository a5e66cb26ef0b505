import { z } from "zod";
import { type Parsed, parseWith, refused, understood } from "../parsed.ts";
import type { FacilitatorRequest } from "../x402-v2/index.ts";
import { paymentPayloadV1Schema, paymentRequirementsV1Schema } from "./schema.ts";
import { paymentFromV1, requirementsFromV1, resourceFromV1 } from "./translate.ts";

const versionsSchema = z.object({
  x402Version: z.literal(1).optional(),
  paymentPayload: z.looseObject({ x402Version: z.literal(1) }),
});
const envelopeSchema = versionsSchema.extend({ paymentRequirements: z.looseObject({}) });

/** Is this the body of a v1 call of `/verify` or `/settle`: does the payment say version 1, and the call nothing else? */
export function isFacilitatorRequestV1(body: unknown): boolean {
  return versionsSchema.safeParse(body).success;
}

/**
 * Reads the body of a v1 `/verify` or `/settle` (x402 v1 §7.1) into v2's words. A malformed payload is refused with
 * `invalid_payload`, malformed requirements with `invalid_payment_requirements`, an unknown network with
 * `invalid_network`, and what v2 has and v1 has not: `upto` with `unsupported_scheme`, a payment by Permit2 with
 * `invalid_payload`.
 */
export function parseFacilitatorRequestV1(body: unknown): Parsed<FacilitatorRequest> {
  const envelope = parseWith(envelopeSchema, body, "invalid_payload");
  if (!envelope.ok) return envelope;
  const demanded = parseWith(
    paymentRequirementsV1Schema,
    envelope.value.paymentRequirements,
    "invalid_payment_requirements",
  );
  if (!demanded.ok) return demanded;
  if (demanded.value.scheme === "upto")
    return refused("unsupported_scheme", "scheme is upto, which x402 v1 does not have", "scheme");
  const requirements = requirementsFromV1(demanded.value);
  if (!requirements.ok) return requirements;
  const sent = parseWith(paymentPayloadV1Schema, envelope.value.paymentPayload, "invalid_payload");
  if (!sent.ok) return sent;
  if ("permit2Authorization" in sent.value.payload)
    return refused(
      "invalid_payload",
      "the payload is one of Permit2, which x402 v1 does not have",
      "payload",
    );
  const payment = paymentFromV1(sent.value, requirements.value);
  if (!payment.ok) return payment;
  return understood({
    x402Version: 2,
    paymentPayload: { ...payment.value, resource: resourceFromV1(demanded.value) },
    paymentRequirements: requirements.value,
  });
}
