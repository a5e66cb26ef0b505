import { type Address, type Hex, isAddressEqual, parseTransaction } from "viem";
import { authorizedTransfers } from "./authorizations.ts";
import { exactPermits, uptoPermits } from "./permits.ts";
import type { RpcCall } from "./rpc-call.ts";
import type { SignedTransfer, SignedTransferKind } from "./signed-transfer.ts";

const kinds: readonly SignedTransferKind[] = [authorizedTransfers, exactPermits, uptoPermits];

/**
 * The transfers in a transaction that their payers signed, those of `payer` only where one is given. A transaction may
 * make several through another contract; by EIP-3009, these are taken for transfers of `asset`.
 */
export function signedTransfersIn(raw: Hex, asset: Address, payer?: Address): SignedTransfer[] {
  const { to, data = "0x" } = parseTransaction(raw);
  return kinds.flatMap((kind) =>
    kind.selectors.flatMap((selector) =>
      placesOf(selector, data).flatMap((place) => {
        const token = place === firstPlace && to ? to : asset;
        const found = readAt(place, data, token, kind);
        if (found === undefined) return [];
        return payer === undefined || isAddressEqual(found.from, payer) ? [found] : [];
      }),
    ),
  );
}

/** Whether a call asks what such a transfer would do, or what it would cost, directly or through another contract. */
export function triesTransfer({ params = [] }: RpcCall): boolean {
  const asked = JSON.stringify(params).toLowerCase();
  return kinds.some(({ selectors }) => selectors.some((selector) => asked.includes(digitsOf(selector))));
}

/** Where the call that the transaction itself makes begins, behind `0x`. */
const firstPlace = 2;

function placesOf(selector: Hex, data: Hex): number[] {
  const places: number[] = [];
  const digits = digitsOf(selector);
  for (let at = data.indexOf(digits); at !== -1; at = data.indexOf(digits, at + 1)) {
    if (at % 2 === 0) places.push(at);
  }
  return places;
}

function digitsOf(selector: Hex): string {
  return selector.slice(2);
}

function readAt(
  place: number,
  data: Hex,
  token: Address,
  { read }: SignedTransferKind,
): SignedTransfer | undefined {
  try {
    return read(`0x${data.slice(place)}`, token);
  } catch {
    // Bytes that look like the selector by accident.
    return undefined;
  }
}
