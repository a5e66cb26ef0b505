/** The door of the seller: the reference seller, its Fastify plugin, and the steps it is made of. */
export type { Claim } from "./claim-book.ts";
export type {
  Answer,
  Awaitable,
  Exchange,
  Goods,
  Offer,
  PaidWork,
  PaymentTerms,
  PricedExchange,
  Seller,
  SellerRequest,
} from "./exchange.ts";
export {
  bazaar,
  type ExtensionEntry,
  offerReceipt,
  paymentIdentifier,
  type SellerExtension,
  type SignInCheck,
  signInChecks,
  signInWithX,
} from "./extensions/index.ts";
export type {
  FacilitatorClient,
  FacilitatorFailure,
  FacilitatorTimeouts,
  Settlement,
  UptoSettler,
  Verification,
} from "./facilitator-client.ts";
export { isByPermit2, isUpto, type PaymentMethod } from "./payment-method.ts";
export { type SellerOptions, x402Seller } from "./plugin.ts";
export { type ProtocolId, protocolIds, type SellerProtocol } from "./protocols.ts";
export { type HandlerResult, type Route, type RouteDefinition, route, type Work } from "./route.ts";
export { referenceExtensions, referenceRoutes } from "./routes.ts";
export { type RunningSeller, type StartSellerOptions, startSeller } from "./seller.ts";
export type { Claimed } from "./steps/claim.ts";
export type { Decoded, Payment } from "./steps/decode.ts";
export type { Handled } from "./steps/handle.ts";
export type { Matched } from "./steps/match.ts";
export type { Refusal } from "./steps/refuse.ts";
export type { Validated } from "./steps/validate.ts";
export type { Verified } from "./steps/verify.ts";
export { type SellerSteps, sellerSteps } from "./steps.ts";
