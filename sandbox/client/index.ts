/** The door of the buyer: `pay`, its steps, and the `pay` command. */
export type { Challenge } from "./challenge.ts";
export type { Paid } from "./conclude.ts";
export {
  type DryRun,
  execute,
  type Free,
  type PaymentOutcome,
  type PayOptions,
  pay,
  prepare,
  type Ready,
} from "./pay.ts";
export { payCommand } from "./pay-command.ts";
export { type MoneyMoved, PaymentError, type PaymentErrorCode } from "./payment-error.ts";
export type { SpendingPolicy } from "./policy.ts";
export type { ReplayableRequest, RequestToPay } from "./request.ts";
export type { Signer } from "./sign.ts";
export { type ClientSteps, clientSteps } from "./steps.ts";
export type { Choice, SupportedEntry } from "./supported-entry.ts";
