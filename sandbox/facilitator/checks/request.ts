import { isAddress } from "viem";
import type { PaymentRequirements } from "../../protocol/index.ts";
import type { RequestSubject } from "../check.ts";

/** Schemes that are spoken here. */
const schemes: readonly string[] = ["exact", "upto"];

/** Only {@link schemes}. */
export function scheme({ request }: RequestSubject): string | undefined {
  const demanded = request.paymentRequirements.scheme;
  return schemes.includes(demanded)
    ? undefined
    : `scheme is ${demanded}, supported are ${schemes.join(" and ")}`;
}

/** A method that is stated is the one that is paid with; without one, the payer chooses (exact on EVM). */
export function method({ request }: RequestSubject): string | undefined {
  const { paymentPayload, paymentRequirements } = request;
  const stated = paymentRequirements.extra?.assetTransferMethod;
  const used = "permit2Authorization" in paymentPayload.payload ? "permit2" : "eip3009";
  if (stated === undefined || stated === used) return undefined;
  return `extra.assetTransferMethod is ${stated}, the payload has the shape of ${used}`;
}

/**
 * As {@link accepted}; but what is charged of `upto` is known only when it is settled, and then held against what was
 * permitted.
 */
export function acceptedAmount(subject: RequestSubject): string | undefined {
  const isCharge = subject.phase === "settle" && subject.request.paymentRequirements.scheme === "upto";
  return isCharge ? undefined : accepted("amount")(subject);
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
