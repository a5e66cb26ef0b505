import type { Hex } from "viem";
import { z } from "zod";
import type { Authorization, Extensions, PaymentPayload } from "../protocol/index.ts";
import type { Choice } from "./supported-entry.ts";

/**
 * The payment payload (x402 v2 §5.2): the chosen entry, the resource and the extensions come back as they were
 * received, unknown fields included.
 */
export function composePayment(choice: Choice, authorization: Authorization, signature: Hex): PaymentPayload {
  const { resource, extensions } = choice.challenge.message;
  return {
    x402Version: 2,
    resource,
    accepted: choice.requirements,
    payload: { signature, authorization },
    ...(extensions === undefined ? {} : { extensions: echo(extensions) }),
  };
}

const identifierDemand = z.looseObject({
  info: z.looseObject({ required: z.literal(true), id: z.undefined().optional() }),
});

/** Adds the one thing an extension can demand of the buyer: the id of `payment-identifier` when it is required. */
function echo(extensions: Extensions): Extensions {
  const identifier = identifierDemand.safeParse(extensions["payment-identifier"]);
  if (!identifier.success) return extensions;
  const info = { ...identifier.data.info, id: crypto.randomUUID() };
  return { ...extensions, "payment-identifier": { ...identifier.data, info } };
}
