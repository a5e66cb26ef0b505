import { type Address, formatUnits } from "viem";
import type {
  MoneyMoved,
  PaymentError,
  PaymentErrorCode,
  PaymentOutcome,
  PaymentReceipt,
  Ready,
} from "../client/index.ts";
import { nextStep } from "./next-step.ts";

/** A payment as the `pay` command prints it; `amount` in atomic units. */
interface Payment {
  readonly amount: string;
  readonly asset: string;
  readonly network: string;
  readonly payTo: string;
  readonly payer: string;
  /** Of scheme `upto`: the most that is signed for; `amount` is then what was charged. */
  readonly maxAmount?: string;
}

/** What the `pay` command prints with `--json`. */
export interface PayReport {
  /** HTTP status of the last answer; null without one. */
  readonly status: number | null;
  /** `transaction` is null when the seller gave no final receipt; `complaint` says what is wrong with its amount. */
  readonly paid: (Payment & { readonly transaction: string | null; readonly complaint?: string }) | null;
  /** Only with `--dry-run`. */
  readonly wouldPay?: Payment;
  /** The answer's body: its value when it is JSON, else its text; null without an answer. */
  readonly body: unknown;
  readonly error?: {
    readonly code: PaymentErrorCode | "body-lost";
    readonly message: string;
    readonly moneyMoved: MoneyMoved;
    readonly next: string;
  };
}

/** Reports what would be paid. */
export function dryRunReport({ requirements }: Ready, payer: Address): PayReport {
  const { scheme, amount, asset, network, payTo } = requirements;
  const bound = scheme === "upto" ? { maxAmount: amount } : {};
  return {
    status: 402,
    paid: null,
    wouldPay: { amount, asset, network, payTo, payer, ...bound },
    body: null,
  };
}

/** Reports a payment that went well, or an answer that cost nothing. */
export async function payReport(outcome: PaymentOutcome): Promise<PayReport> {
  const { response } = outcome;
  const moneyMoved = outcome.kind === "paid" ? outcome.moneyMoved : "no";
  const paid = outcome.kind === "paid" && moneyMoved !== "no" ? paidBy(outcome.receipt) : null;
  try {
    return { status: response.status, paid, body: await bodyOf(response) };
  } catch {
    const message = "The connection ended before the whole body had come.";
    const next = moneyMoved === "no" ? "Try again." : "Do not pay again without asking the seller.";
    return {
      status: response.status,
      paid,
      body: null,
      error: { code: "body-lost", message, moneyMoved, next },
    };
  }
}

/** Reports a payment that failed. */
export async function errorReport(error: PaymentError): Promise<PayReport> {
  const { code, message, moneyMoved, response, receipt } = error;
  const paid = receipt !== undefined && moneyMoved === "yes" ? paidBy(receipt) : null;
  const body = response === undefined ? null : await bodyOf(response).catch(() => null);
  return {
    status: response?.status ?? null,
    paid,
    body,
    error: { code, message, moneyMoved, next: nextStep(error) },
  };
}

/** A failed payment in one line for people. */
export function errorSentence(error: PaymentError): string {
  const { settlement, transaction } = error.receipt ?? {};
  const where = settlement?.success && transaction !== undefined ? `: transaction ${transaction}` : "";
  const money = { no: "", maybe: " Money may have moved.", yes: ` Money has moved${where}.` }[
    error.moneyMoved
  ];
  return `${error.message}${money} ${nextStep(error)}`;
}

/** The report as the command prints it: one JSON line, or lines for people with the body last. */
export function reportText(report: PayReport, json: boolean): string {
  if (json) return `${JSON.stringify(report)}\n`;
  const { status, paid, wouldPay, body } = report;
  if (wouldPay !== undefined)
    return `would pay ${wouldPay.maxAmount === undefined ? "" : "up to "}${paymentText(wouldPay)}\n`;
  const text = typeof body === "string" ? body : JSON.stringify(body, null, 2);
  const lines = [
    `status ${status}`,
    paid === null ? "paid nothing" : `paid ${paymentText(paid)}`,
    ...(paid === null
      ? []
      : [
          `transaction ${paid.transaction ?? "unknown: the seller gave no final receipt"}`,
          ...(paid.complaint === undefined ? [] : [paid.complaint]),
        ]),
  ];
  return `${lines.join("\n")}\n\n${text}\n`;
}

/** The command pays in USDC only, which has 6 decimals. */
function paymentText({ amount, payTo, network }: Payment): string {
  return `${formatUnits(BigInt(amount), 6)} USDC (${amount} atomic units) to ${payTo} on ${network}`;
}

function paidBy({ settlement, transaction, ...receipt }: PaymentReceipt): PayReport["paid"] {
  const { amount, maxAmount, complaint, asset, network, payTo, payer } = receipt;
  const isSettled = settlement?.success === true;
  return {
    amount,
    asset,
    network,
    payTo,
    payer,
    ...(maxAmount !== undefined && { maxAmount }),
    ...(complaint !== undefined && { complaint }),
    transaction: isSettled ? (transaction ?? null) : null,
  };
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!/\bjson\b/.test(response.headers.get("content-type") ?? "")) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
