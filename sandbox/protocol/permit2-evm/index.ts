export * from "./addresses.ts";
export * from "./nonce.ts";
export * from "./payload.ts";
export * from "./transfer.ts";
export * from "./typed-data.ts";
