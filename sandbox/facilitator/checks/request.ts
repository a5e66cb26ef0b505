import { isAddress } from "viem";
import type { PaymentRequirements } from "../../protocol/index.ts";
import type { RequestSubject } from "../check.ts";

/** Only `exact` is spoken here. */
export function scheme({ request }: RequestSubject): string | undefined {
  const demanded = request.paymentRequirements.scheme;
  return demanded === "exact" ? undefined : `scheme is ${demanded}, only exact is supported`;
}

/** Only the chain that this facilitator settles on. */
export function network({ request, network: served }: RequestSubject): string | undefined {
  const demanded = request.paymentRequirements.network;
  return demanded === served ? undefined : `network is ${demanded}, payments are settled on ${served} here`;
}

/** The payee is an address. */
export function payTo({ request }: RequestSubject): string | undefined {
  const demanded = request.paymentRequirements.payTo;
  return isAddress(demanded, { strict: false })
    ? undefined
    : `payTo is ${demanded}, expected a 20-byte hex address`;
}

/** What the client accepted is what the seller demands, field by field (x402 v2 §6.1.2). Addresses in any case. */
export function accepted(field: "scheme" | "network" | "asset" | "amount" | "payTo") {
  return ({ request }: RequestSubject): string | undefined => {
    const demanded = comparable(request.paymentRequirements, field);
    const found = comparable(request.paymentPayload.accepted, field);
    return found === demanded ? undefined : `accepted.${field} is ${found}, the requirements say ${demanded}`;
  };
}

function comparable(requirements: PaymentRequirements, field: Parameters<typeof accepted>[0]): string {
  const value = requirements[field];
  return field === "asset" || field === "payTo" ? value.toLowerCase() : value;
}
