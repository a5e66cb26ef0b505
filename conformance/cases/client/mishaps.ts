import { asksAgain, delivers, fails, hangsUp, type PaidAnswer } from "../../engine/client/index.ts";
import { nobody } from "./decoys.ts";

/** Something that goes wrong after the client has signed. */
export interface Mishap {
  readonly id: string;
  readonly requirement: string;
  readonly title: string;
  /** What the shop does with the first paid requests; then it is honest. */
  readonly answers: readonly PaidAnswer[];
}

/** What officials say of a payment whose nonce the token has seen. */
const nonceIsUsed = "invalid_exact_evm_nonce_already_used";

/** What the client hears after it has signed: other terms, an answer that says nothing of its money, or no answer. */
export const mishaps: readonly Mishap[] = [
  {
    id: "client.again.higher-price",
    requirement: "C-SEC-01",
    title: "A second 402 with a higher price is not paid in the same call",
    answers: [asksAgain({ entry: (entry) => ({ ...entry, amount: "2000" }) })],
  },
  {
    id: "client.again.other-payee",
    requirement: "C-SEC-01",
    title: "A second 402 with another payee is not paid in the same call",
    answers: [asksAgain({ entry: (entry) => ({ ...entry, payTo: nobody }) })],
  },
  {
    id: "client.again.after-503",
    requirement: "C-SEC-02",
    title: "After a 503 to a payment that was taken, no second payment is signed",
    answers: [fails(503, { takesMoney: true })],
  },
  {
    id: "client.again.after-502",
    requirement: "C-SEC-02",
    title: "After a 502 to a payment that was taken, no second payment is signed",
    answers: [fails(502, { takesMoney: true })],
  },
  {
    id: "client.again.after-500",
    requirement: "C-SEC-02",
    title: "After a 500 to a payment that was not taken, no second payment is signed",
    answers: [fails(500)],
  },
  {
    id: "client.again.after-gateway-timeout",
    requirement: "C-SEC-02",
    title: "After a gateway gave up waiting for a payment that was taken, no second payment is signed",
    answers: [fails(504, { takesMoney: true, afterMs: 500 })],
  },
  {
    id: "client.again.after-429",
    requirement: "C-PAY-20",
    title: "After a 429 to a payment that was taken, no second payment is signed",
    answers: [fails(429, { takesMoney: true })],
  },
  {
    id: "client.again.after-409",
    requirement: "C-PAY-20",
    title: "After a 409 to a payment that was taken, no second payment is signed",
    answers: [fails(409, { takesMoney: true })],
  },
  {
    id: "client.again.lost-request",
    requirement: "C-PAY-25",
    title: "After a connection that broke before the payment was taken, no second payment is signed",
    answers: [hangsUp()],
  },
  {
    id: "client.again.lost-answer",
    requirement: "C-PAY-25",
    title: "After a connection that broke when the payment was taken, no second payment is signed",
    answers: [hangsUp({ takesMoney: true })],
  },
  {
    id: "client.again.lost-then-used",
    requirement: "C-PAY-25",
    title: "When a payment whose answer was lost is refused as used, no second payment is signed",
    answers: [hangsUp({ takesMoney: true }), refuses(nonceIsUsed)],
  },
  {
    id: "client.again.lost-in-the-body",
    requirement: "C-PAY-25",
    title: "After a connection that broke in the middle of what was bought, no second payment is signed",
    answers: [delivers({ breaksOff: true })],
  },
  {
    id: "client.again.pending",
    requirement: "C-SET-02",
    title: "A settlement that is pending is not unpaid: no second payment is signed",
    answers: [refuses("settlement_pending", "The settlement is pending")],
  },
  {
    id: "client.again.unclear-settlement",
    requirement: "C-SEC-02",
    title:
      "After a settlement that failed for an unknown reason and took the money, no second payment is signed",
    answers: [refuses("unexpected_settle_error")],
  },
  {
    id: "client.again.refused-as-used",
    requirement: "C-PAY-20",
    title: "When a payment that was taken is refused as used, no second payment is signed",
    answers: [refuses(nonceIsUsed)],
  },
  {
    id: "client.again.refused-as-expired",
    requirement: "C-PAY-20",
    title: "When a payment that was taken is refused as expired before its time, no second payment is signed",
    answers: [refuses("invalid_exact_evm_payload_authorization_valid_before")],
  },
];

/** Takes the money, and says in error and receipt that it did not. */
export function refuses(errorReason: string, error = errorReason): PaidAnswer {
  return asksAgain({}, { error, takesMoney: true, receipt: (honest) => ({ ...honest, errorReason }) });
}
