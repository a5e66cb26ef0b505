import type { LedgerPoint, Transfer } from "#sandbox";
import type { WireAnswer, WireRequest } from "../../oracles/wire/index.ts";
import type { Dialect } from "../dialect.ts";
import type { Check as AnyCheck } from "../exchange.ts";
import type { AnyPayment } from "./permit-payment.ts";
import type { Sale } from "./sale.ts";

/** One request, its answer, and what the chain says happened meanwhile. */
export interface Observed {
  readonly request: WireRequest;
  readonly answer: WireAnswer;
  /** Whether it is the paid request that the run is about, and none of the others that were given, or made up. */
  readonly isMain: boolean;
  /** The version that the buyer spoke. */
  readonly dialect: Dialect;
  /** The payment that was sent along, if any. */
  readonly payment?: AnyPayment | undefined;
  /** The payer's transfers since the request was sent, as the chain has them now. */
  readonly transfers: () => Promise<readonly Transfer[]>;
  /** Where the chain was when the first byte of the body arrived, if the exchange watched for it. */
  readonly firstByteAt?: LedgerPoint | undefined;
  /** How often the paid handler ran for this request, as far as the subject reports it. */
  readonly workRuns: () => Promise<number>;
  /** The run's first sale in that version, or by the payment's method: what an honest buyer gets. */
  readonly sale: () => Promise<Sale>;
}

/** Holds an observation against a rule; throws a Finding when it is broken. */
export type Check = AnyCheck<Observed>;

/** Holds several observations against a rule; throws a Finding when it is broken. */
export type GroupCheck = AnyCheck<readonly Observed[]>;
