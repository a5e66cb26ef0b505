import { z } from "zod";

/** A chain in CAIP-2 notation, `namespace:reference`, e.g. `eip155:84532` (x402 v2 §11.1). */
export type Network = `${string}:${string}`;

const caip2 = /^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$/;

/** Accepts CAIP-2 networks; plain v1 names such as `base-sepolia` are refused. */
export const networkSchema = z.custom<Network>(
  (value) => typeof value === "string" && caip2.test(value),
  "expected a CAIP-2 network such as eip155:84532",
);

/** The CAIP-2 name of an EVM chain. */
export function evmNetwork(chainId: number): Network {
  return `eip155:${chainId}`;
}

/** The EVM chain id of a network, or `undefined` when it is not an EVM chain. */
export function evmChainId(network: string): number | undefined {
  const reference = /^eip155:([1-9]\d{0,15})$/.exec(network)?.[1];
  if (reference === undefined) return undefined;
  const chainId = Number(reference);
  return Number.isSafeInteger(chainId) ? chainId : undefined;
}
