import { type Address, encodeFunctionData, type Hex, type LocalAccount, toHex } from "viem";
import { fiatTokenAbi } from "./fiat-token-abi.ts";

/** EIP-712 domain of the token. */
export interface Domain {
  name: string;
  version: string;
  chainId: number;
  verifyingContract: Address;
}

/** What an EIP-3009 payer signs: value in atomic units, times in Unix seconds, both bounds excluded. */
export interface Authorization {
  from: Address;
  to: Address;
  value: bigint;
  validAfter: bigint;
  validBefore: bigint;
  nonce: Hex;
}

/** What a key's owner signs for EIP-2612. */
export interface Permit {
  owner: Address;
  spender: Address;
  value: bigint;
  nonce: bigint;
  deadline: bigint;
}

/** Which overload is called: one `bytes signature`, or `v, r, s`. */
export type SignatureForm = "bytes" | "v, r, s";
export const signatureForms: readonly SignatureForm[] = ["bytes", "v, r, s"];

export type TransferFunction = "transferWithAuthorization" | "receiveWithAuthorization";
export const transferFunctions: readonly TransferFunction[] = [
  "transferWithAuthorization",
  "receiveWithAuthorization",
];

/** A nonce that no other test uses. */
export function freshNonce(): Hex {
  return toHex(crypto.getRandomValues(new Uint8Array(32)));
}

type Signer = Pick<LocalAccount, "signTypedData">;

const authorizationFields = [
  { name: "from", type: "address" },
  { name: "to", type: "address" },
  { name: "value", type: "uint256" },
  { name: "validAfter", type: "uint256" },
  { name: "validBefore", type: "uint256" },
  { name: "nonce", type: "bytes32" },
] as const;

const types = {
  transferWithAuthorization: { TransferWithAuthorization: authorizationFields },
  receiveWithAuthorization: { ReceiveWithAuthorization: authorizationFields },
  cancelAuthorization: {
    CancelAuthorization: [
      { name: "authorizer", type: "address" },
      { name: "nonce", type: "bytes32" },
    ],
  },
  permit: {
    Permit: [
      { name: "owner", type: "address" },
      { name: "spender", type: "address" },
      { name: "value", type: "uint256" },
      { name: "nonce", type: "uint256" },
      { name: "deadline", type: "uint256" },
    ],
  },
} as const;

export function signTransfer(
  signer: Signer,
  domain: Domain,
  authorization: Authorization,
  functionName: TransferFunction = "transferWithAuthorization",
): Promise<Hex> {
  return functionName === "transferWithAuthorization"
    ? signer.signTypedData({
        domain,
        types: types.transferWithAuthorization,
        primaryType: "TransferWithAuthorization",
        message: authorization,
      })
    : signer.signTypedData({
        domain,
        types: types.receiveWithAuthorization,
        primaryType: "ReceiveWithAuthorization",
        message: authorization,
      });
}

export function signCancel(signer: Signer, domain: Domain, authorizer: Address, nonce: Hex): Promise<Hex> {
  return signer.signTypedData({
    domain,
    types: types.cancelAuthorization,
    primaryType: "CancelAuthorization",
    message: { authorizer, nonce },
  });
}

export function signPermit(signer: Signer, domain: Domain, permit: Permit): Promise<Hex> {
  return signer.signTypedData({ domain, types: types.permit, primaryType: "Permit", message: permit });
}

export function transferData(
  authorization: Authorization,
  signature: Hex,
  functionName: TransferFunction = "transferWithAuthorization",
  form: SignatureForm = "bytes",
): Hex {
  const { from, to, value, validAfter, validBefore, nonce } = authorization;
  const fields = [from, to, value, validAfter, validBefore, nonce] as const;
  return form === "bytes"
    ? encodeFunctionData({ abi: fiatTokenAbi, functionName, args: [...fields, signature] })
    : encodeFunctionData({ abi: fiatTokenAbi, functionName, args: [...fields, ...vrs(signature)] });
}

export function cancelData(
  authorizer: Address,
  nonce: Hex,
  signature: Hex,
  form: SignatureForm = "bytes",
): Hex {
  const functionName = "cancelAuthorization";
  return form === "bytes"
    ? encodeFunctionData({ abi: fiatTokenAbi, functionName, args: [authorizer, nonce, signature] })
    : encodeFunctionData({ abi: fiatTokenAbi, functionName, args: [authorizer, nonce, ...vrs(signature)] });
}

export function permitData(permit: Permit, signature: Hex, form: SignatureForm = "bytes"): Hex {
  const { owner, spender, value, deadline } = permit;
  const fields = [owner, spender, value, deadline] as const;
  return form === "bytes"
    ? encodeFunctionData({ abi: fiatTokenAbi, functionName: "permit", args: [...fields, signature] })
    : encodeFunctionData({ abi: fiatTokenAbi, functionName: "permit", args: [...fields, ...vrs(signature)] });
}

/** The same signature with another `v`, as it is, valid or not. */
export function withV(signature: Hex, v: number): Hex {
  return `${signature.slice(0, 130) as Hex}${v.toString(16).padStart(2, "0")}`;
}

/** The malleable twin of a signature: it recovers to the same key, with `s` in the upper half order. */
export function highS(signature: Hex): Hex {
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const { r, s, v } = split(signature);
  return withV(`${r}${toHex(order - BigInt(s), { size: 32 }).slice(2)}00`, v === 27 ? 28 : 27);
}

function vrs(signature: Hex): [number, Hex, Hex] {
  const { r, s, v } = split(signature);
  return [v, r, s];
}

function split(signature: Hex): { r: Hex; s: Hex; v: number } {
  return {
    r: signature.slice(0, 66) as Hex,
    s: `0x${signature.slice(66, 130)}`,
    v: Number.parseInt(signature.slice(130, 132), 16),
  };
}
