import { createHash } from "node:crypto";
import type { Hex } from "viem";
import { z } from "zod";
import type { Authorization, Extensions } from "../protocol/index.ts";
import { permitOf } from "./permit.ts";
import type { PaymentMessage } from "./signed-payment.ts";
import type { Choice } from "./supported-entry.ts";

/**
 * The payment payload, in the version that was asked in. For v2 (§5.2) the chosen entry, the resource and the
 * extensions come back as they were received, unknown fields included; v1 (§5.2) repeats scheme and network.
 */
export function composePayment(
  choice: Choice,
  authorization: Authorization,
  signature: Hex,
  idempotencyKey: string,
): PaymentMessage {
  const { requirements, networkAsOffered: network } = choice;
  const { x402Version, resource, extensions } = choice.challenge;
  const payload =
    choice.method === "permit2"
      ? { signature, permit2Authorization: permitOf(choice, authorization) }
      : { signature, authorization };
  if (x402Version === 1) return { x402Version, scheme: requirements.scheme, network, payload };
  return {
    x402Version,
    ...(resource === undefined ? {} : { resource }),
    accepted: requirements,
    payload,
    ...(extensions === undefined ? {} : { extensions: echo(extensions, idempotencyKey) }),
  };
}

const identifierOffer = z.looseObject({ info: z.looseObject({ id: z.undefined().optional() }) });

/** Adds the one thing that an extension asks of the buyer: the id of `payment-identifier`. */
function echo(extensions: Extensions, idempotencyKey: string): Extensions {
  const identifier = identifierOffer.safeParse(extensions["payment-identifier"]);
  if (!identifier.success) return extensions;
  const info = { ...identifier.data.info, id: paymentIdentifier(idempotencyKey) };
  return { ...extensions, "payment-identifier": { ...identifier.data, info } };
}

/** The key itself where it is fit to be an id (16 to 128 of `[A-Za-z0-9_-]`), else its digest: always the same. */
function paymentIdentifier(idempotencyKey: string): string {
  if (/^[\w-]{16,128}$/.test(idempotencyKey)) return idempotencyKey;
  return createHash("sha256").update(idempotencyKey).digest("hex");
}
