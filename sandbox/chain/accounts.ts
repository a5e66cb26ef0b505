import { type Address, type Hex, keccak256, stringToHex } from "viem";
import { keyAccount } from "../key-account.ts";

/** An account with its key, as the ready line of the sandbox prints it. For local chains only. */
export interface NamedAccount {
  readonly address: Address;
  readonly privateKey: Hex;
}

/*
 * Anvil's well-known development keys: public, worthless, funded with ETH on every Anvil. Account 0 deploys and
 * mints; it is unlocked in the node, so its key is not needed here.
 */
const developmentKeys = {
  facilitator: "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
  seller: "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
  payer: "0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6",
} as const satisfies Record<string, Hex>;

/** Who takes part in every sandbox: the buyer, the seller (payTo) and the facilitator that pays the gas. */
export type AccountName = keyof typeof developmentKeys;

/** The sandbox's accounts by name. */
export type NamedAccounts = Readonly<Record<AccountName, NamedAccount>>;

/** Anvil's first development account, unlocked in the node: deploys the contracts and mints. */
export const deployerAddress = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

/** The named accounts, the same on every sandbox. */
export const namedAccounts: NamedAccounts = {
  payer: withKey(developmentKeys.payer),
  seller: withKey(developmentKeys.seller),
  facilitator: withKey(developmentKeys.facilitator),
};

function withKey(privateKey: Hex): NamedAccount {
  return { address: keyAccount(privateKey).address, privateKey };
}

/**
 * A payer of its own for each `label`, reproducible from `seed`. It holds nothing until it is funded.
 *
 * @example
 * const payer = derivePayer("7f3a", "seller.replay.same-payment-twice");
 */
export function derivePayer(seed: string, label: string): NamedAccount {
  return withKey(payerKey(seed, label));
}

/** The key of {@link derivePayer}; its address takes a hundred times longer. */
export function payerKey(seed: string, label: string): Hex {
  return keccak256(stringToHex(`x402-assay payer\0${seed}\0${label}`));
}
