/** The door of the buyer's SDK, `x402-assay/client`. It needs no chain, no sandbox and no server. */

export type { AgentAnswer, AgentPrice, FromSeller } from "./agent-answers.ts";
export { type AgentTool, type AgentTools, agentTools, mcpToolResult, openAiTools } from "./agent-tools.ts";
export {
  type Buyer,
  type BuyerOptions,
  openBuyer,
  type PayingFetch,
  type PayingInit,
  type PaymentOutcome,
  payingFetch,
} from "./buyer.ts";
export type { Challenge } from "./challenge.ts";
export type { Preference } from "./choose.ts";
export type { Paid } from "./conclude.ts";
export type { RpcUrls, Standing } from "./lookup.ts";
export { pay } from "./pay.ts";
export { PaymentError } from "./payment-error.ts";
export {
  type ErrorAction,
  type MoneyMoved,
  type PaymentErrorCode,
  type PaymentErrorEntry,
  paymentErrors,
} from "./payment-errors.ts";
export { type Permit2Approval, permit2Approval } from "./permit2-approval.ts";
export type { ProposedPayment, SpendingPolicy } from "./policy.ts";
export type { NextAction, Passthrough, Prepared, Ready, Unpayable } from "./prepared.ts";
export type { PaymentReceipt } from "./receipt.ts";
export type { FullRequest, ReplayableRequest, RequestToPay } from "./request.ts";
export type { ParameterHint, RequestHint, RequestIssue } from "./request-hints.ts";
export type { FailedPresentation } from "./retry.ts";
export type { PaymentMessage, SignedPayment } from "./signed-payment.ts";
export type { Signer, SignerSource, SignerSources } from "./signer.ts";
export { type ClientSteps, clientSteps } from "./steps.ts";
export type { Choice, SupportedEntry } from "./supported-entry.ts";
