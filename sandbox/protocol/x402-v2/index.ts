export { parseFacilitatorRequest } from "./facilitator-request.ts";
export { x402V2, x402V2Headers } from "./http.ts";
export * from "./schema.ts";
