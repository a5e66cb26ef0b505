import type { Network } from "../network.ts";
import { type Parsed, refused, understood } from "../parsed.ts";
import type {
  PaymentPayload,
  PaymentRequirements,
  ResourceInfo,
  SettleResponse,
  VerifyResponse,
} from "../x402-v2/index.ts";
import { v1ErrorReason } from "./error-reasons.ts";
import { networkOfV1Name, v1NetworkName } from "./network-names.ts";
import type { PaymentPayloadV1, PaymentRequirementsV1, SettleResponseV1 } from "./schema.ts";

/*
 * Inside, payments are spoken of in the words of v2. These functions stand where v1 comes in and goes out.
 */

/** v1 requirements in v2's words; refuses with `invalid_network` a network that is not known. */
export function requirementsFromV1(v1: PaymentRequirementsV1): Parsed<PaymentRequirements> {
  const network = networkFromV1(v1.network, "network");
  if (!network.ok) return network;
  const { scheme, maxAmountRequired: amount, asset, payTo, maxTimeoutSeconds, extra } = v1;
  const requirements = { scheme, network: network.value, amount, asset, payTo, maxTimeoutSeconds };
  return understood(extra ? { ...requirements, extra } : requirements);
}

/** What a v1 challenge says about the resource, as v2 says it. */
export function resourceFromV1({ resource, description, mimeType }: PaymentRequirementsV1): ResourceInfo {
  return { url: resource, description, ...(mimeType === undefined ? {} : { mimeType }) };
}

/**
 * v2 requirements in v1's words.
 *
 * @returns `undefined` when v1 has no name for the network
 */
export function requirementsToV1(
  requirements: PaymentRequirements,
  resource: ResourceInfo,
): PaymentRequirementsV1 | undefined {
  const network = v1NetworkName(requirements.network);
  if (network === undefined) return undefined;
  const { scheme, amount, asset, payTo, maxTimeoutSeconds, extra } = requirements;
  return {
    scheme,
    network,
    maxAmountRequired: amount,
    asset,
    payTo,
    resource: resource.url,
    description: resource.description ?? "",
    mimeType: resource.mimeType ?? "",
    maxTimeoutSeconds,
    ...(extra === undefined ? {} : { extra }),
  };
}

/**
 * A v1 payment in v2's words. What v1 does not say about the terms it accepts is taken from `demanded`: the
 * authorization itself has to show that it was signed for them.
 */
export function paymentFromV1(v1: PaymentPayloadV1, demanded: PaymentRequirements): Parsed<PaymentPayload> {
  const network = networkFromV1(v1.network, "network");
  if (!network.ok) return network;
  const accepted = { ...demanded, scheme: v1.scheme, network: network.value };
  return understood({ x402Version: 2, accepted, payload: v1.payload });
}

/** A receipt in v1's words; its network is `""` when v1 has no name for it. */
export function receiptToV1(receipt: SettleResponse): SettleResponseV1 {
  const { errorReason, network, amount: _amount, extensions: _extensions, ...same } = receipt;
  return {
    ...same,
    network: network === "" ? "" : (v1NetworkName(network) ?? ""),
    ...(errorReason === undefined
      ? {}
      : { errorReason: v1ErrorReason(errorReason, "unexpected_settle_error") }),
  };
}

/** A facilitator's opinion with v1's code. */
export function verificationToV1(response: VerifyResponse): VerifyResponse {
  const { invalidReason } = response;
  if (invalidReason === undefined) return response;
  return { ...response, invalidReason: v1ErrorReason(invalidReason, "unexpected_verify_error") };
}

function networkFromV1(name: string, path: string): Parsed<Network> {
  const network = networkOfV1Name(name);
  if (network !== undefined) return understood(network);
  return refused("invalid_network", `${path} is ${name}, which is not an EVM network of x402 v1`, path);
}
