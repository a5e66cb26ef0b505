/** The public door of the sandbox; the conformance suite uses nothing else of it. */
export type { JournalEntry, SandboxDescription } from "./admin/index.ts";
export {
  anvilBinary,
  type Chain,
  type ChainDeveloper,
  type ChainOptions,
  type ChainReader,
  derivePayer,
  developerOf,
  foundryImage,
  type Ledger,
  type LedgerPoint,
  latestBlock,
  minedReceipt,
  type NamedAccount,
  namedAccounts,
  openLedger,
  payerKey,
  readerOf,
  smartAccountCode,
  startChain,
  type Transfer,
  usdcAbi,
  usdcDomain,
} from "./chain/index.ts";
export {
  type Buyer,
  type BuyerOptions,
  type ClientSteps,
  clientSteps,
  openBuyer,
  PaymentError,
  type PaymentErrorCode,
  type PaymentOutcome,
  pay,
  payingFetch,
  paymentErrors,
} from "./client/index.ts";
export {
  type FacilitatorCall,
  type FacilitatorReply,
  type FacilitatorSteps,
  facilitatorSteps,
  type InterceptCall,
  type RunningFacilitator,
  startFacilitator,
} from "./facilitator/index.ts";
export {
  type CatalogueEntry,
  catalogue,
  type FaultName,
  type FaultOrder,
  type FaultParameters,
} from "./faults/index.ts";
export { keyAccount } from "./key-account.ts";
export { payCommand } from "./pay-command/index.ts";
export { Problem, type ProblemCode } from "./problem.ts";
export * from "./protocol/index.ts";
export { type Sandbox, type SandboxOptions, startSandbox } from "./sandbox.ts";
export {
  type Answer,
  type Awaitable,
  bazaar,
  type Claim,
  type Exchange,
  type ExtensionEntry,
  type Offer,
  offerReceipt,
  type PaidWork,
  type Payment,
  type ProtocolId,
  paymentIdentifier,
  protocolIds,
  type Refusal,
  type Route,
  type RunningSeller,
  referenceExtensions,
  referenceRoutes,
  route,
  type SellerExtension,
  type SellerSteps,
  type SignInCheck,
  sellerSteps,
  signInChecks,
  signInWithX,
  startSeller,
  x402Seller,
} from "./seller/index.ts";
