import { z } from "zod";
import { type Parsed, parseWith, refused, understood } from "../parsed.ts";
import { type FacilitatorRequest, paymentPayloadSchema, paymentRequirementsSchema } from "./schema.ts";

const envelopeSchema = z.looseObject({
  x402Version: z.unknown().optional(),
  paymentPayload: z.looseObject({ x402Version: z.unknown() }),
  paymentRequirements: z.looseObject({}),
});

/**
 * Reads the body of `/verify` or `/settle`. Each part has a code of its own (x402 v2 §9): an unknown version is
 * `invalid_x402_version`, a malformed payload `invalid_payload`, malformed requirements
 * `invalid_payment_requirements`. A call that names no version has that of its payload: earlier examples of the
 * specification leave it out, and so do sellers.
 */
export function parseFacilitatorRequest(body: unknown): Parsed<FacilitatorRequest> {
  const envelope = parseWith(envelopeSchema, body, "invalid_payload");
  if (!envelope.ok) return envelope;
  const { paymentPayload, paymentRequirements, x402Version = paymentPayload.x402Version } = envelope.value;
  if (x402Version !== 2) return unsupportedVersion(x402Version, "x402Version");
  if (typeof paymentPayload.x402Version === "number" && paymentPayload.x402Version !== 2) {
    return unsupportedVersion(paymentPayload.x402Version, "paymentPayload.x402Version");
  }
  const requirements = parseWith(
    paymentRequirementsSchema,
    paymentRequirements,
    "invalid_payment_requirements",
  );
  if (!requirements.ok) return requirements;
  const payload = parseWith(paymentPayloadSchema, paymentPayload, "invalid_payload");
  if (!payload.ok) return payload;
  return understood({
    x402Version: 2,
    paymentPayload: payload.value,
    paymentRequirements: requirements.value,
  });
}

function unsupportedVersion(found: unknown, path: string): Parsed<never> {
  const version =
    typeof found === "number" ? `${found}` : `of type ${found === null ? "null" : typeof found}`;
  return refused("invalid_x402_version", `${path} is ${version}, expected the number 2`, path);
}
