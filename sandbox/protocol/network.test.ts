import fc from "fast-check";
import { expect, it } from "vitest";
import { evmChainId, evmNetwork } from "./index.ts";

it("a chain id becomes a network and comes back", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (chainId) => {
      expect(evmChainId(evmNetwork(chainId))).toBe(chainId);
    }),
  );
});

it("any other text has no chain id", () => {
  fc.assert(
    fc.property(
      fc.string().filter((text) => !/^eip155:[1-9]\d*$/.test(text)),
      (text) => {
        expect(evmChainId(text)).toBeUndefined();
      },
    ),
  );
});

it.each([
  "base-sepolia",
  "eip155:",
  "eip155:0",
  "eip155:01",
  "eip155:1.0",
  "eip155:0x1",
  "eip155:9007199254740993",
  "solana:mainnet",
  " eip155:1",
])("%s has no chain id", (network) => {
  expect(evmChainId(network)).toBeUndefined();
});
