import { getAddress } from "viem/utils";

/** Permit2, at the same address on every chain: it moves any token for which its owner gave it an allowance. */
export const permit2Address = getAddress("0x000000000022D473030F116dDEE9F6B43aC78BA3");

/** The spender of `exact` payments: pays all that was signed for to whom it was signed for (exact on EVM, §2). */
export const exactPermit2Proxy = getAddress("0x402085c248EeA27D92E8b30b2C58ed07f9E20001");

/** The spender of `upto` payments: pays any part of it, for the facilitator that was signed for (upto on EVM). */
export const uptoPermit2Proxy = getAddress("0x4020A4f3b7b90ccA423B9fabCc0CE57C6C240002");
