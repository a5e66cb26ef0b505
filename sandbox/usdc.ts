import type { Address } from "viem";
import { getAddress } from "viem/utils";

/** USDC on Base Sepolia, where the sandbox puts its mock when a chain has no USDC of its own. */
export const baseSepoliaUsdc = getAddress("0x036CbD53842c5426634e7929541eC2318f3dCF7e");

/** Chain id of Base Sepolia, as which a fresh sandbox answers, so that unmodified clients accept it. */
export const baseSepoliaChainId = 84_532;

/** Circle's USDC by chain id: the address at which a fork of that chain gets the mock. */
const usdcByChain: ReadonlyMap<number, Address> = new Map([
  [baseSepoliaChainId, baseSepoliaUsdc],
  [8453, getAddress("0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913")],
  [1, getAddress("0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48")],
  [11_155_111, getAddress("0x1c7D4B196Cb0C7B01d743Fbc6116a902379C7238")],
  [42_161, getAddress("0xaf88d065e77c8cC2239327C5EDb3A432268e5831")],
  [421_614, getAddress("0x75faf114eafb1BDbe2F0316DF893fd58CE46AA4d")],
  [137, getAddress("0x3c499c542cEF5E3811e1192ce70d8cC03d5c3359")],
  [80_002, getAddress("0x41E94Eb019C0762f9Bfcf9Fb1E58725BfB0e7582")],
  [43_114, getAddress("0xB97EF9Ef8734C71904D8002F8b6Bc66Dd9c48a6E")],
  [43_113, getAddress("0x5425890298aed601595a70AB815c96711a31Bc65")],
]);

/** The address of USDC on a chain; chains without a USDC known here get Base Sepolia's. */
export function usdcAddress(chainId: number): Address {
  return usdcByChain.get(chainId) ?? baseSepoliaUsdc;
}
