import { type Address, getAddress } from "viem";

/** Permit2, at the same address on every chain. */
export const permit2Address = getAddress("0x000000000022D473030F116dDEE9F6B43aC78BA3");

/** The spenders that x402 names for each scheme (exact on EVM, §2; upto on EVM). */
export const permit2Proxies = {
  exact: getAddress("0x402085c248EeA27D92E8b30b2C58ed07f9E20001"),
  upto: getAddress("0x4020A4f3b7b90ccA423B9fabCc0CE57C6C240002"),
} as const;

/** Schemes that are paid by Permit2. */
export type PermitScheme = keyof typeof permit2Proxies;

/** What a payer permits. Amount in atomic units, times in Unix seconds. */
export interface Permit {
  readonly permitted: { readonly token: Address; readonly amount: bigint };
  readonly from: Address;
  readonly spender: Address;
  readonly nonce: bigint;
  /** The last second in which it is valid. */
  readonly deadline: bigint;
  readonly witness: {
    readonly to: Address;
    /** Who alone may settle it; part of what is signed of `upto` only. */
    readonly facilitator: Address;
    readonly validAfter: bigint;
  };
}

/** Permit2's EIP-712 domain, which has no version. */
export interface PermitDomain {
  readonly name: "Permit2";
  readonly chainId: number;
  readonly verifyingContract: Address;
}

const permitTypes = {
  PermitWitnessTransferFrom: [
    { name: "permitted", type: "TokenPermissions" },
    { name: "spender", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
    { name: "witness", type: "Witness" },
  ],
  TokenPermissions: [
    { name: "token", type: "address" },
    { name: "amount", type: "uint256" },
  ],
} as const;

/** What is signed of a permit (EIP-712), by scheme. */
export const permitTypesOf = {
  exact: {
    ...permitTypes,
    Witness: [
      { name: "to", type: "address" },
      { name: "validAfter", type: "uint256" },
    ],
  },
  upto: {
    ...permitTypes,
    Witness: [
      { name: "to", type: "address" },
      { name: "facilitator", type: "address" },
      { name: "validAfter", type: "uint256" },
    ],
  },
} as const;

/** An allowance that a token's holder signs (EIP-2612). Value in atomic units, deadline in Unix seconds. */
export interface Allowance {
  readonly owner: Address;
  readonly spender: Address;
  readonly value: bigint;
  readonly nonce: bigint;
  readonly deadline: bigint;
}

/** What is signed of an {@link Allowance} (EIP-712). */
export const allowanceTypes = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
} as const;
