import { z } from "zod";
import { type Parsed, parseWith, understood } from "../parsed.ts";
import type { Extensions } from "../x402-v2/index.ts";

/** Key of the extension by which a buyer names a payment, so that sending it again is harmless. */
export const paymentIdentifierKey = "payment-identifier";

/** The buyer's echo with the id that it adds to `info` (payment-identifier, `id` Format). */
const echoSchema = z.looseObject({
  info: z.looseObject({
    id: z
      .string()
      .regex(/^[A-Za-z0-9_-]{16,128}$/, "expected 16 to 128 letters, digits, hyphens and underscores")
      .optional(),
  }),
});

/** JSON Schema of `info`, as challenges carry it. */
export const paymentIdentifierSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  properties: {
    required: { type: "boolean" },
    id: { type: "string", minLength: 16, maxLength: 128, pattern: "^[A-Za-z0-9_-]+$" },
  },
  required: ["required"],
} as const;

/** The id that a payment brings; `undefined` without one. What is no id is refused with `invalid_payload`. */
export function readPaymentIdentifier(extensions: Extensions | undefined): Parsed<string | undefined> {
  const echo = extensions?.[paymentIdentifierKey];
  if (echo === undefined) return understood(undefined);
  const parsed = parseWith(echoSchema, echo, "invalid_payload");
  return parsed.ok ? understood(parsed.value.info.id) : parsed;
}
