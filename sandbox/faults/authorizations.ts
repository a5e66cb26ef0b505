import {
  type Address,
  decodeFunctionData,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  isAddressEqual,
  keccak256,
  parseAbi,
  parseTransaction,
  toFunctionSelector,
} from "viem";
import type { RpcCall } from "./rpc-call.ts";

const transferAbi = parseAbi([
  "function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, uint8 v, bytes32 r, bytes32 s)",
  "function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, bytes signature)",
]);

const selectors = transferAbi.map((item) => toFunctionSelector(item).slice(2));

/** An EIP-3009 transfer that a transaction makes. */
export interface SentAuthorization {
  readonly from: Address;
  readonly nonce: Hex;
  /** The call that makes this transfer and nothing else. */
  readonly call: { readonly to: Address; readonly data: Hex };
}

/**
 * The EIP-3009 transfers in a signed transaction, those of `payer` only where one is given. A transaction may make
 * several through another contract; these are taken for transfers of `asset`.
 */
export function authorizationsIn(raw: Hex, asset: Address, payer?: Address): SentAuthorization[] {
  const { to, data = "0x" } = parseTransaction(raw);
  return selectors.flatMap((selector) =>
    placesOf(selector, data).flatMap((place) => {
      const target = place === 2 && to ? to : asset;
      const found = authorizationAt(`0x${data.slice(place)}`, target);
      if (found === undefined) return [];
      return payer === undefined || isAddressEqual(found.from, payer) ? [found] : [];
    }),
  );
}

/** Whether a call asks what an EIP-3009 transfer would do, or what it would cost, directly or through another contract. */
export function triesTransfer({ params = [] }: RpcCall): boolean {
  const asked = JSON.stringify(params).toLowerCase();
  return selectors.some((selector) => asked.includes(selector));
}

function placesOf(selector: string, data: Hex): number[] {
  const places: number[] = [];
  for (let at = data.indexOf(selector); at !== -1; at = data.indexOf(selector, at + 1)) {
    if (at % 2 === 0) places.push(at);
  }
  return places;
}

function authorizationAt(data: Hex, to: Address): SentAuthorization | undefined {
  try {
    const { functionName, args } = decodeFunctionData({ abi: transferAbi, data });
    const [from, , , , , nonce] = args;
    return { from, nonce, call: { to, data: encodeFunctionData({ abi: transferAbi, functionName, args }) } };
  } catch {
    // Bytes that look like the selector by accident.
    return undefined;
  }
}

/** Where FiatToken keeps whether an authorization is spent: slot 16, a mapping of mappings. */
export function authorizationSlot({ from, nonce }: Pick<SentAuthorization, "from" | "nonce">): Hex {
  const ofPayer = keccak256(encodeAbiParameters([{ type: "address" }, { type: "uint256" }], [from, 16n]));
  return keccak256(encodeAbiParameters([{ type: "bytes32" }, { type: "bytes32" }], [nonce, ofPayer]));
}
