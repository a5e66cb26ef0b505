import type { PaymentRequirements, SettleResponse } from "../protocol/index.ts";
import { isChargedNothing } from "./charge.ts";
import { type BuyerDialect, dialectOf } from "./dialects.ts";
import { PaymentError } from "./payment-error.ts";
import { type MoneyMoved, moneyMovedAfter, type PaymentErrorCode, paymentErrors } from "./payment-errors.ts";
import { type PaymentReceipt, receiptOf } from "./receipt.ts";
import type { ReplayableRequest } from "./request.ts";
import type { PaymentMessage, SignedPayment } from "./signed-payment.ts";
import { textWithin } from "./transport.ts";

/** A paid answer. Its body is unread. */
export interface Paid {
  readonly kind: "paid";
  readonly response: Response;
  /** What `lookup` takes. Whether the seller gave a receipt itself is in its `settlement`. */
  readonly receipt: PaymentReceipt;
  /** As the seller's receipt says; `maybe` without one. */
  readonly moneyMoved: MoneyMoved;
  readonly payment: PaymentMessage;
  readonly requirements: PaymentRequirements;
}

/**
 * Reads the answer to the paid request. A 2xx is the goods, whatever its receipt looks like; anything else is an
 * error that holds the answer.
 *
 * @param earlier what was known of the money before this answer
 * @throws PaymentError `payment-refused`, `already-paid`, `settlement-failed`, `settlement-pending`,
 *   `payment-redirected`, `upstream-failed-after-payment`, `permit2-allowance-required`
 */
export async function conclude(
  response: Response,
  request: ReplayableRequest,
  signed: SignedPayment,
  earlier: MoneyMoved,
): Promise<Paid> {
  const dialect = dialectOf(signed.message.x402Version);
  const settlement = dialect.readReceipt(answerOf(response));
  const receipt = receiptOf(signed, request, settlement);
  const { message: payment, requirements } = signed;
  if (response.ok) {
    const moved = isChargedNothing(signed, settlement) ? "no" : moneyMovedBy(response, settlement, dialect);
    const moneyMoved = moneyMovedAfter(earlier, moved);
    return { kind: "paid", response, receipt, moneyMoved, payment, requirements };
  }
  const reason = await sellersReason(response, settlement, dialect);
  const lacksAllowance = earlier !== "yes" && (await asksForAllowance(response, receipt, reason));
  const moved = lacksAllowance ? "no" : moneyMovedBy(response, settlement, dialect);
  const moneyMoved = moneyMovedAfter(earlier, moved);
  const code = lacksAllowance ? "permit2-allowance-required" : failureCode(response, settlement, earlier);
  const quoted = reason === undefined ? "" : `: ${JSON.stringify(reason)}`;
  const sentence = paymentErrors[code].meaning.split(/[;.]/, 1).join();
  throw new PaymentError(code, `${sentence} (status ${response.status})${quoted}.`, {
    moneyMoved,
    response,
    receipt,
    requirements,
    payment,
    reason,
  });
}

function failureCode(
  response: Response,
  settlement: SettleResponse | undefined,
  earlier: MoneyMoved,
): PaymentErrorCode {
  const isPaid = settlement?.success === true || earlier === "yes";
  if (settlement?.success === false && !isPaid)
    return isPending(settlement) ? "settlement-pending" : "settlement-failed";
  if (settlement?.success === true || response.status >= 500) return "upstream-failed-after-payment";
  if (response.status < 400) return "payment-redirected";
  return isPaid ? "already-paid" : "payment-refused";
}

/**
 * Whether the seller says that Permit2 may not take the price (exact on EVM, §2, phase 3): with 412, or as the official
 * sellers do with 402 and in lower case, in the challenge, the receipt or the body.
 */
async function asksForAllowance(
  response: Response,
  { method, settlement }: PaymentReceipt,
  reason: string | undefined,
): Promise<boolean> {
  if (method !== "permit2" || (response.status !== 412 && response.status !== 402)) return false;
  if (settlement?.success === true) return false;
  const told = [settlement?.errorReason, reason, await textWithin(response.clone(), largestRefusal)];
  return told.some((text) => /permit2_allowance_required/i.test(text ?? ""));
}

/** A plain 402 says that nothing was taken; any other answer without a receipt leaves it open. */
function moneyMovedBy(
  response: Response,
  settlement: SettleResponse | undefined,
  { receiptHeader }: BuyerDialect,
): MoneyMoved {
  if (settlement?.success === true) return "yes";
  if (settlement?.success === false) return isPending(settlement) ? "maybe" : "no";
  return response.status === 402 && !response.headers.has(receiptHeader) ? "no" : "maybe";
}

function isPending(settlement: SettleResponse): boolean {
  return settlement.errorReason === "settlement_pending";
}

/** The most that is read of a refusal that has its reason in the body. */
const largestRefusal = { bytes: 65_536, milliseconds: 2_000 };

async function sellersReason(
  response: Response,
  settlement: SettleResponse | undefined,
  dialect: BuyerDialect,
): Promise<string | undefined> {
  const told = settlement?.errorMessage ?? settlement?.errorReason;
  if (told !== undefined) return told.slice(0, 300);
  const isInBody = dialect.x402Version === 1 && response.status === 402;
  const body = isInBody ? await textWithin(response.clone(), largestRefusal) : "";
  const demand = dialect.readDemand({ ...answerOf(response), body: body ?? "" });
  return demand?.ok ? demand.value.error?.slice(0, 300) : undefined;
}

function answerOf(response: Response) {
  return { status: response.status, headers: Object.fromEntries(response.headers), body: "" };
}
