/** What the extensions of x402 say on the wire. */
export * from "./bazaar.ts";
export * from "./eip2612-gas-sponsoring.ts";
export * from "./offer-receipt.ts";
export * from "./payment-identifier.ts";
export * from "./sign-in-with-x.ts";
