import type { Address, Hash } from "viem";

/** What a case saw and did: what a reader needs to believe its verdict. */
export interface Evidence {
  /** Oldest first; of very many, some. */
  readonly exchanges?: readonly ExchangeRecord[];
  /** How the client ended each of its errands, oldest first. */
  readonly errands?: readonly ErrandRecord[];
  /** What the subject asked the sandbox's facilitator about the payer, oldest first. */
  readonly facilitatorCalls?: readonly FacilitatorCallRecord[];
  /** What left the payer while the case ran, as the chain had it at its end. */
  readonly transfers?: readonly TransferRecord[];
  /** Faults of the sandbox that were switched on for it. */
  readonly faults?: readonly string[];
  readonly account?: PayerAccount;
}

/** One request and its answer, as they went over the wire but for what was cut. */
export interface ExchangeRecord {
  readonly label: string;
  /** Unix milliseconds, with fractions: what happened first has to be told. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly request: RecordedRequest;
  readonly answer: RecordedAnswer;
}

/** Name and value, in the order in which they were sent. */
export type RecordedHeader = readonly [name: string, value: string];

export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly RecordedHeader[];
  readonly body?: string;
}

export type RecordedAnswer =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers: readonly RecordedHeader[];
      readonly body: string;
    }
  | { readonly kind: "no-answer"; readonly why: string };

/** How an errand of a client ended, as far as the client shows it. */
export interface ErrandRecord {
  readonly label: string;
  readonly kind: "over" | "cut-off" | "unseen";
  readonly summary: string;
  /** What its caller got to see. */
  readonly said: string;
}

/** A call that the subject made to the sandbox's facilitator. */
export interface FacilitatorCallRecord {
  readonly endpoint: "verify" | "settle" | "supported";
  /** Unix milliseconds, with fractions. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** JSON, as text; of a case that passed, none. */
  readonly request?: string;
  /** JSON, as text. */
  readonly answer: string;
  /** The fault that bit this call, if any. */
  readonly fault?: string;
}

/** Money that left the payer. */
export interface TransferRecord {
  readonly to: Address;
  /** Atomic units, decimal. */
  readonly value: string;
  readonly transaction: Hash;
  /** Decimal. */
  readonly block: string;
}

/** What the payer of a case did and received; the audit holds it against the chain. */
export interface PayerAccount {
  readonly address: Address;
  /** Block after which the case began, decimal. */
  readonly since: string;
  /** Answers that delivered paid content. */
  readonly delivered: number;
  /** Transfers that need no delivery: the case itself spent on chain, or made the facilitator misbehave. */
  readonly excused: number;
  /** Transfers seen on chain when the case ended. */
  readonly settled: number;
}
