import { permit2Address } from "../protocol/index.ts";

/**
 * Whether the payer's money moved, as far as the buyer can tell from the exchange: `no` when nothing was sent, or
 * the seller said that nothing was settled; `yes` when the seller's receipt says so; `maybe` otherwise.
 */
export type MoneyMoved = "no" | "maybe" | "yes";

/** What a program that met an error can do about it. */
export type ErrorAction =
  /** Change the request. */
  | "correct-request"
  /** The same again later; nothing was signed. */
  | "try-later"
  /** Whoever owns the money has to decide. */
  | "ask-owner"
  /** The buyer's own options have to change. */
  | "configure"
  /** The same request with the same idempotency key: the same authorization is presented, never a new one. */
  | "repeat-with-same-key"
  /** See on chain what became of the payment: `lookup(error.receipt)`. */
  | "look-up"
  /** This seller cannot be bought from. */
  | "give-up";

/** One row of the table of errors. */
export interface PaymentErrorEntry {
  readonly meaning: string;
  /** Every answer that an error of this code can give; the first is the usual one. */
  readonly moneyMoved: readonly [MoneyMoved, ...MoneyMoved[]];
  readonly action: ErrorAction;
  /** What to do next, one sentence. */
  readonly next: string;
}

/** Every way in which a purchase can fail. */
export const paymentErrors = {
  "request-invalid": {
    meaning: "The request cannot be sent, or it already carries a payment.",
    moneyMoved: ["no"],
    action: "correct-request",
    next: "Correct the request's URL, method, headers or body.",
  },
  "request-not-replayable": {
    meaning: "The request's body is a stream, which cannot be sent twice. Nothing was sent.",
    moneyMoved: ["no"],
    action: "correct-request",
    next: "Read the stream first and give its bytes as body: a string, ArrayBuffer, Blob, FormData or URLSearchParams.",
  },
  "network-error": {
    meaning: "The seller did not answer the unpaid request.",
    moneyMoved: ["no"],
    action: "try-later",
    next: "Check that the seller runs and the URL is right, then try again.",
  },
  redirected: {
    meaning:
      "The request was redirected, and the price is asked where the same request would not be repeated.",
    moneyMoved: ["no"],
    action: "correct-request",
    next: "If you trust that address, send the request to it directly.",
  },
  "challenge-malformed": {
    meaning: "The 402 holds no challenge that can be understood, or one that is too large or too deep.",
    moneyMoved: ["no"],
    action: "give-up",
    next: "Nothing was signed; the seller has to mend its challenge.",
  },
  "no-supported-requirement": {
    meaning: "None of the ways to pay is one that this client speaks.",
    moneyMoved: ["no"],
    action: "give-up",
    next: "Supported on EVM networks: exact by EIP-3009, with the token's name and version in extra, and, in x402 v2, exact by Permit2 and upto with extra.facilitatorAddress.",
  },
  "policy-denied": {
    meaning: "The spending policy allows none of the ways to pay, or `authorize` said no.",
    moneyMoved: ["no"],
    action: "ask-owner",
    next: "If you mean to pay it, name it in allowedNetworks, allowedAssets and allowedPayees.",
  },
  "over-limit": {
    meaning: "The price is higher than the most that one payment may cost.",
    moneyMoved: ["no"],
    action: "ask-owner",
    next: "If the price is right, raise the limit (maxAmount, in atomic units).",
  },
  "over-budget": {
    meaning: "The price exceeds what is left for this origin or this time window.",
    moneyMoved: ["no"],
    action: "ask-owner",
    next: "Wait until the window has passed, or raise maxPerOrigin or maxPerWindow.",
  },
  "signer-unavailable": {
    meaning: "No signer is configured for the network, or it could not be reached to be asked.",
    moneyMoved: ["no"],
    action: "configure",
    next: "Give a signer for this network, its family (eip155) or a default one.",
  },
  "signer-timeout": {
    meaning: "The signer did not answer in time. What it signs later is never sent.",
    moneyMoved: ["no"],
    action: "try-later",
    next: "Check the signer and try again, or allow it more time (timeouts.signer).",
  },
  "signing-failed": {
    meaning: "The signer refused, or its answer is no signature.",
    moneyMoved: ["no"],
    action: "ask-owner",
    next: "Nothing was sent; check the signer and try again.",
  },
  "record-failed": {
    meaning: "The payment could not be recorded, so it was not sent.",
    moneyMoved: ["no"],
    action: "configure",
    next: "Look after the file of the records (recordsFile): disk space, permissions.",
  },
  "outcome-unknown": {
    meaning: "The connection ended, or time ran out, after the payment was sent.",
    moneyMoved: ["maybe", "yes"],
    action: "repeat-with-same-key",
    next: "Repeat with the same idempotency key, or look on the chain whether the authorization's nonce was used before you pay again.",
  },
  "payment-refused": {
    meaning: "The seller refused the payment; `reason` holds its words.",
    moneyMoved: ["no", "maybe"],
    action: "look-up",
    next: "Mend the cause before you pay again; what was signed stays spendable until it expires.",
  },
  "permit2-allowance-required": {
    meaning: "The seller says that Permit2 may not take the price out of the payer's account.",
    moneyMoved: ["no", "maybe"],
    action: "ask-owner",
    next: `Have the payer's account call the token's approve(${permit2Address}, amount) once, with its own gas (permit2Approval makes the transaction), then repeat with the same idempotency key.`,
  },
  "payment-redirected": {
    meaning: "The seller answered the payment with a redirect, which was not followed.",
    moneyMoved: ["maybe", "yes"],
    action: "look-up",
    next: "Look on the chain whether the authorization's nonce was used before you pay again.",
  },
  "settlement-failed": {
    meaning: "The seller says that the payment could not be settled.",
    moneyMoved: ["no", "maybe"],
    action: "look-up",
    next: "Mend the cause before you pay again; what was signed stays spendable until it expires.",
  },
  "settlement-pending": {
    meaning: "The payment was sent to the chain and its outcome is not known yet.",
    moneyMoved: ["maybe"],
    action: "repeat-with-same-key",
    next: "Repeat with the same idempotency key in a while, or look on the chain before you pay again.",
  },
  "upstream-failed-after-payment": {
    meaning: "The seller took the payment request and failed to deliver.",
    moneyMoved: ["maybe", "yes"],
    action: "repeat-with-same-key",
    next: "Repeat with the same idempotency key: the same authorization is presented again, and cannot be taken twice.",
  },
  "already-paid": {
    meaning: "This idempotency key was paid for before, and the seller does not deliver a second time.",
    moneyMoved: ["yes"],
    action: "look-up",
    next: "Do not pay again: show the receipt to the seller. To buy once more, take another idempotency key.",
  },
  "idempotency-conflict": {
    meaning: "The idempotency key belongs to another request.",
    moneyMoved: ["no"],
    action: "correct-request",
    next: "Take a new idempotency key for each request that differs in method, URL or body.",
  },
  "prepared-unknown": {
    meaning: "Agent tools: the preparedId is not known here.",
    moneyMoved: ["no"],
    action: "correct-request",
    next: "Call prepare and use the preparedId that it gives.",
  },
  "prepared-expired": {
    meaning: "Agent tools: the preparedId is older than 5 minutes. Nothing was paid under it.",
    moneyMoved: ["no"],
    action: "correct-request",
    next: "Call prepare again.",
  },
  "prepared-used": {
    meaning: "Agent tools: the preparedId was executed before; each is good once.",
    moneyMoved: ["maybe"],
    action: "look-up",
    next: "Call result with the same preparedId; nothing more is paid by that.",
  },
} as const satisfies Record<string, PaymentErrorEntry>;

/** What went wrong on the way to a paid answer. */
export type PaymentErrorCode = keyof typeof paymentErrors;

const doubts: readonly MoneyMoved[] = ["no", "maybe", "yes"];

/** What is known of the money after two answers: a later one never makes an earlier payment undone. */
export function moneyMovedAfter(earlier: MoneyMoved, later: MoneyMoved): MoneyMoved {
  return doubts.indexOf(later) > doubts.indexOf(earlier) ? later : earlier;
}
