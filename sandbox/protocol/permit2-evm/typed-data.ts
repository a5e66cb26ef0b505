import { getAddress } from "viem/utils";
import { permit2Address } from "./addresses.ts";
import type { ExactPermit2Authorization, Permit2Authorization, UptoPermit2Authorization } from "./payload.ts";

const permitFields = [
  { name: "permitted", type: "TokenPermissions" },
  { name: "spender", type: "address" },
  { name: "nonce", type: "uint256" },
  { name: "deadline", type: "uint256" },
  { name: "witness", type: "Witness" },
] as const;

const tokenPermissionsFields = [
  { name: "token", type: "address" },
  { name: "amount", type: "uint256" },
] as const;

/** EIP-712 types of a permit whose witness is that of `exact`. */
export const exactPermit2Types = {
  PermitWitnessTransferFrom: permitFields,
  TokenPermissions: tokenPermissionsFields,
  Witness: [
    { name: "to", type: "address" },
    { name: "validAfter", type: "uint256" },
  ],
} as const;

/** EIP-712 types of a permit whose witness is that of `upto`. */
export const uptoPermit2Types = {
  PermitWitnessTransferFrom: permitFields,
  TokenPermissions: tokenPermissionsFields,
  Witness: [
    { name: "to", type: "address" },
    { name: "facilitator", type: "address" },
    { name: "validAfter", type: "uint256" },
  ],
} as const;

/** Permit2's own domain: it has no version. */
export function permit2Domain(chainId: number) {
  return { name: "Permit2", chainId, verifyingContract: permit2Address } as const;
}

/**
 * What the payer signs for a payment of `exact` by Permit2, ready for viem's `signTypedData`.
 *
 * @example
 * const signature = await account.signTypedData(exactPermit2TypedData(84532, permit2Authorization));
 */
export function exactPermit2TypedData(chainId: number, authorization: ExactPermit2Authorization) {
  return {
    domain: permit2Domain(chainId),
    types: exactPermit2Types,
    primaryType: "PermitWitnessTransferFrom",
    message: { ...permitOf(authorization), witness: witnessOf(authorization) },
  } as const;
}

/** The same for a payment of `upto`, which only `witness.facilitator` may settle. */
export function uptoPermit2TypedData(chainId: number, authorization: UptoPermit2Authorization) {
  const facilitator = getAddress(authorization.witness.facilitator);
  return {
    domain: permit2Domain(chainId),
    types: uptoPermit2Types,
    primaryType: "PermitWitnessTransferFrom",
    message: {
      ...permitOf(authorization),
      witness: { ...witnessOf(authorization), facilitator },
    },
  } as const;
}

function permitOf({ permitted, spender, nonce, deadline }: Permit2Authorization) {
  return {
    permitted: { token: getAddress(permitted.token), amount: BigInt(permitted.amount) },
    spender: getAddress(spender),
    nonce: BigInt(nonce),
    deadline: BigInt(deadline),
  };
}

function witnessOf({ witness: { to, validAfter } }: Permit2Authorization) {
  return { to: getAddress(to), validAfter: BigInt(validAfter) };
}
