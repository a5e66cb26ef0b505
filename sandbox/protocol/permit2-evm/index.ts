export * from "./addresses.ts";
export * from "./payload.ts";
export * from "./typed-data.ts";
