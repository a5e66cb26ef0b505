import { type Address, type Hex, isAddressEqual, recoverTypedDataAddress } from "viem";
import { address, hex, whole } from "./evm-fields.ts";
import { describeJson, field, isJsonObject, type Json } from "./wire/index.ts";

/** An EIP-3009 authorization. Amount in atomic units, times in Unix seconds. */
export interface Authorization {
  readonly from: Address;
  readonly to: Address;
  readonly value: bigint;
  readonly validAfter: bigint;
  readonly validBefore: bigint;
  readonly nonce: Hex;
}

/** An authorization as it came over the wire, signed. */
export interface SignedAuthorization extends Authorization {
  readonly signature: Hex;
}

/** The EIP-712 domain of a token. */
export interface AuthorizationDomain {
  readonly name: string;
  readonly version: string;
  readonly chainId: number;
  readonly verifyingContract: Address;
}

/** What is signed of an authorization (EIP-712). */
export const authorizationTypes = {
  TransferWithAuthorization: [
    { name: "from", type: "address" },
    { name: "to", type: "address" },
    { name: "value", type: "uint256" },
    { name: "validAfter", type: "uint256" },
    { name: "validBefore", type: "uint256" },
    { name: "nonce", type: "bytes32" },
  ],
} as const;

export type AuthorizationReading =
  | { readonly kind: "malformed"; readonly problem: string }
  | { readonly kind: "authorization"; readonly authorization: SignedAuthorization };

/**
 * Reads `payload` of scheme exact with EIP-3009. Numbers may be JSON numbers: what a rule has to say about that is
 * not for the reader to decide.
 */
export function readAuthorization(payload: Json | undefined): AuthorizationReading {
  const told = field(payload, "authorization");
  const from = address(field(told, "from"));
  const to = address(field(told, "to"));
  const value = whole(field(told, "value"));
  const validAfter = whole(field(told, "validAfter"));
  const validBefore = whole(field(told, "validBefore"));
  const nonce = hex(field(told, "nonce"));
  const signature = hex(field(payload, "signature"));
  if (
    from === undefined ||
    to === undefined ||
    value === undefined ||
    validAfter === undefined ||
    validBefore === undefined ||
    nonce === undefined ||
    signature === undefined
  ) {
    return { kind: "malformed", problem: problemOf(payload, told) };
  }
  return {
    kind: "authorization",
    authorization: { from, to, value, validAfter, validBefore, nonce, signature },
  };
}

/** Names what cannot be read: the first field of an authorization, or the whole when it is none. */
function problemOf(payload: Json | undefined, told: Json | undefined): string {
  if (!isJsonObject(told))
    return `payload is ${describeJson(payload)}, its authorization ${describeJson(told)}`;
  const wrong = Object.entries(fields).find(([name, read]) => read(field(told, name)) === undefined);
  return wrong === undefined
    ? `signature is ${describeJson(field(payload, "signature"))}`
    : `authorization.${wrong[0]} is ${describeJson(field(told, wrong[0]))}`;
}

const fields = {
  from: address,
  to: address,
  value: whole,
  validAfter: whole,
  validBefore: whole,
  nonce: hex,
};

/** Who signed the authorization under this domain; `undefined` when the signature is none of a key holder. */
export async function signerOf(
  { signature, ...message }: SignedAuthorization,
  domain: AuthorizationDomain,
): Promise<Address | undefined> {
  try {
    return await recoverTypedDataAddress({
      domain,
      types: authorizationTypes,
      primaryType: "TransferWithAuthorization",
      message,
      signature,
    });
  } catch {
    return undefined;
  }
}

/** Whether the payer that an authorization names signed it, with a key, under this domain. */
export async function isPayersUnder(
  authorization: SignedAuthorization,
  domain: AuthorizationDomain,
): Promise<boolean> {
  const signer = await signerOf(authorization, domain);
  return signer !== undefined && isAddressEqual(signer, authorization.from);
}
