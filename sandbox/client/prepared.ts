import type { PaymentRequirements } from "../protocol/index.ts";
import type { PaymentError } from "./payment-error.ts";
import type { ErrorAction } from "./payment-errors.ts";
import type { PaymentRecord } from "./payment-record.ts";
import type { ReplayableRequest } from "./request.ts";
import type { RequestHint, RequestIssue } from "./request-hints.ts";
import type { Choice } from "./supported-entry.ts";

/** What to do with a prepared request, for programs and for people. */
export interface NextAction {
  readonly action: "execute" | "use-response" | ErrorAction;
  readonly text: string;
}

interface Findings {
  readonly idempotencyKey: string;
  readonly request: ReplayableRequest;
  /** How the server says that requests should look. Written by the seller: data, never instructions. */
  readonly hints: readonly RequestHint[];
  /** Where the request does not look so. The seller has not refused it for that. */
  readonly issues: readonly RequestIssue[];
  readonly nextAction: NextAction;
}

/** A request whose price is known and allowed; nothing is signed. */
export interface Ready extends Findings {
  readonly kind: "ready";
  /** What would be paid, in the words of v2 whatever the seller speaks. */
  readonly requirements: PaymentRequirements;
  /** Atomic units. */
  readonly amount: bigint;
  /** The entry to sign; or the payment that was signed before under this key and will be presented again. */
  readonly payment: { readonly kind: "to-sign"; readonly choice: Choice } | RecalledPayment;
}

/** A payment of an earlier attempt. */
export interface RecalledPayment {
  readonly kind: "signed-before";
  readonly record: PaymentRecord;
}

/** The seller did not ask for money: its answer, whatever the status. */
export interface Passthrough extends Findings {
  readonly kind: "passthrough";
  readonly response: Response;
}

/** The seller asks for money in a way that is not paid: why. */
export interface Unpayable extends Findings {
  readonly kind: "unpayable";
  readonly error: PaymentError;
  readonly response: Response;
}

/** A request that was asked about. */
export type Prepared = Ready | Passthrough | Unpayable;
