import { type Address, concat, type Hex, keccak256, numberToHex, pad } from "viem";
import type { FaultedChain } from "./faulted-chain.ts";

/** Where a contract keeps that something signed is spent: a bit of a slot of its storage. */
export interface SpentMark {
  readonly address: Address;
  readonly slot: Hex;
  readonly bit: bigint;
}

/** Slot of a mapping's value, or of a mapping of mappings', as Solidity places it. */
export function slotOf(mapping: bigint, ...keys: readonly Hex[]): Hex {
  return keys.reduce((slot, key) => keccak256(concat([pad(key), slot])), word(mapping));
}

/**
 * Marks signed things as spent without moving anything, as their payers' cancelling would; gives the way back. One after
 * the other: Permit2 keeps many marks in one slot.
 */
export async function markAllSpent(
  signed: readonly { readonly spent: SpentMark }[],
  chain: FaultedChain,
): Promise<() => Promise<void>> {
  for (const { spent } of signed) await change(spent, chain, (value) => value | spent.bit);
  return async () => {
    for (const { spent } of signed) await change(spent, chain, (value) => value & ~spent.bit);
  };
}

async function change(
  { address, slot }: SpentMark,
  { developer }: FaultedChain,
  to: (value: bigint) => bigint,
): Promise<void> {
  const value = BigInt((await developer.getStorageAt({ address, slot })) ?? 0);
  await developer.setStorageAt({ address, index: slot, value: word(to(value)) });
}

function word(value: bigint): Hex {
  return numberToHex(value, { size: 32 });
}
