/** The door of the wire: messages, their codecs and what is signed. Imports nothing of the rest of the sandbox. */
export { fromBase64Json, maxHeaderLength, toBase64Json } from "./base64-json.ts";
export type { Dialect, HeaderMap, HttpAnswer, HttpParts } from "./dialect.ts";
export { type ErrorReason, errorReasons } from "./error-reasons.ts";
export * from "./exact-evm/index.ts";
export * from "./extensions/index.ts";
export { addressSchema, hexSchema } from "./fields.ts";
export { evmChainId, evmNetwork, type Network, networkSchema } from "./network.ts";
export { type Parsed, type ProtocolError, parseWith, refused, understood } from "./parsed.ts";
export * from "./permit2-evm/index.ts";
export * from "./x402-v1/index.ts";
export * from "./x402-v2/index.ts";
