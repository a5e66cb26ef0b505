import { z } from "zod";
import { addressSchema, decimalSchema, hexSchema } from "../fields.ts";
import { type Parsed, parseWith, understood } from "../parsed.ts";
import type { Extensions } from "../x402-v2/index.ts";

/**
 * Key of the extension by which a payer that has not allowed Permit2 anything yet signs the allowance (EIP-2612), and the
 * facilitator sends it together with the payment, and pays for both.
 */
export const eip2612GasSponsoringKey = "eip2612GasSponsoring";

const echoSchema = z.looseObject({ info: z.looseObject({ signature: z.unknown().optional() }) });

/** What the payer adds to `info` (eip2612GasSponsoring, Usage: PaymentPayload). */
const permitSchema = z.looseObject({
  from: addressSchema,
  asset: addressSchema,
  spender: addressSchema,
  amount: decimalSchema,
  nonce: decimalSchema,
  deadline: decimalSchema,
  signature: hexSchema,
  version: z.string().regex(/^\d+(\.\d+)*$/, "expected a version such as 1"),
});

/** A permit of EIP-2612 on the wire: numbers are decimal strings, `deadline` is in Unix seconds, the signature is `r‖s‖v`. */
export type SponsoredPermit = z.infer<typeof permitSchema>;

/**
 * The permit that a payment brings; `undefined` without one, also when the payer sends back unfilled what its seller
 * declared. Refuses with `invalid_eip2612_extension_format`.
 */
export function readSponsoredPermit(extensions: Extensions | undefined): Parsed<SponsoredPermit | undefined> {
  const code = "invalid_eip2612_extension_format";
  const extension = extensions?.[eip2612GasSponsoringKey];
  if (extension === undefined) return understood(undefined);
  const echo = parseWith(echoSchema, extension, code);
  if (!echo.ok) return echo;
  return echo.value.info.signature === undefined
    ? understood(undefined)
    : parseWith(permitSchema, echo.value.info, code);
}
