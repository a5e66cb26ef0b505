import type { Paid } from "./conclude.ts";
import type { Desk } from "./desk.ts";
import { dialectOf } from "./dialects.ts";
import { PaymentError } from "./payment-error.ts";
import type { Conclusion, PaymentRecord } from "./payment-record.ts";
import type { Ready } from "./prepared.ts";
import type { PaymentReceipt } from "./receipt.ts";
import type { PaymentRecords } from "./records.ts";
import type { ReplayableRequest } from "./request.ts";
import type { SignedPayment } from "./signed-payment.ts";
import type { Signer } from "./signer.ts";
import type { Choice } from "./supported-entry.ts";

/** Signs and pays what `prepare` found. Whatever was signed for the purchase before is presented instead. */
export async function execute({ request, payment }: Ready, desk: Desk): Promise<Paid> {
  const record = await desk.steps.recall(request, desk);
  if (record !== undefined) return deliver(request, record, desk);
  if (payment.kind === "signed-before") return deliver(request, payment.record, desk);
  const { choice } = payment;
  const signer = await permit(request, choice, desk);
  const signed = await signOnce(request, choice, signer, desk);
  const signAnother = () => makePayment(request, choice, signer, desk);
  return deliver(request, { payment: signed, moneyMoved: "no" }, desk, signAnother);
}

/** Everything that has to be in order before a signature; takes the amount out of the budget. */
async function permit(request: ReplayableRequest, choice: Choice, desk: Desk): Promise<Signer> {
  const { steps, policy, records, now } = desk;
  request.signal?.throwIfAborted();
  const denial = steps.checkPolicy(choice, policy);
  if (denial !== undefined) throw denial;
  await steps.approve(choice, request, policy);
  const signer = await steps.resolveSigner(choice, desk.signers, desk.signerTimeout);
  const purchase = { ...request, amount: choice.amount };
  const budget = { perOrigin: policy.maxPerOrigin, perWindow: policy.maxPerWindow };
  const reservation = recorded(() => records.reserve(purchase, budget, now()));
  if (!reservation.ok) throw new PaymentError(reservation.code, reservation.message, about(choice));
  return signer;
}

/** One signature per purchase: of two that were made at the same time, the first that was recorded counts. */
async function signOnce(
  request: ReplayableRequest,
  choice: Choice,
  signer: Signer,
  desk: Desk,
): Promise<SignedPayment> {
  const { records } = desk;
  const { idempotencyKey } = request;
  try {
    const payment = await makePayment(request, choice, signer, desk);
    return recorded(() => records.signed(idempotencyKey, payment));
  } catch (error) {
    quietly(() => records.release(idempotencyKey));
    throw error;
  }
}

async function makePayment(
  { idempotencyKey }: ReplayableRequest,
  choice: Choice,
  signer: Signer,
  { steps, now, signerTimeout }: Desk,
): Promise<SignedPayment> {
  const authorization = steps.authorize(choice, signer.address, now());
  const signature = await steps.sign(choice, authorization, signer, signerTimeout);
  const message = steps.composePayment(choice, authorization, signature, idempotencyKey);
  const header = dialectOf(message.x402Version).write(message);
  return { message, header, requirements: choice.requirements, authorization };
}

/** Presents the payment until there is an answer that counts. It is recorded before, and after every answer. */
async function deliver(
  request: ReplayableRequest,
  first: Pick<PaymentRecord, "payment" | "moneyMoved">,
  { steps, transport, records, resends }: Desk,
  signAnother?: () => Promise<SignedPayment>,
): Promise<Paid> {
  let { payment, moneyMoved } = first;
  for (let made = 1; ; made += 1) {
    try {
      const response = await steps.present(request, payment, transport, moneyMoved);
      const paid = await steps.conclude(response, request, payment, moneyMoved);
      note(records, paid.receipt, { moneyMoved: paid.moneyMoved, outcome: "delivered" });
      return paid;
    } catch (failure) {
      if (!(failure instanceof PaymentError)) throw failure;
      moneyMoved = failure.moneyMoved;
      if (failure.receipt !== undefined)
        note(records, failure.receipt, { moneyMoved, outcome: failure.code });
      const aborted = request.signal?.aborted === true;
      const next = await steps.retry({ failure, payment, made, resends, aborted, signAnother });
      if (next === undefined) throw failure;
      payment = next;
    }
  }
}

function note(
  records: PaymentRecords,
  { idempotencyKey, settlement, amount, maxAmount, transaction }: PaymentReceipt,
  conclusion: Omit<Conclusion, "settlement" | "charged">,
): void {
  // Without a transaction the permit of `upto` is unused, and its maximum can still be charged.
  const charged = maxAmount === undefined || transaction === undefined ? undefined : BigInt(amount);
  quietly(() => records.conclude(idempotencyKey, { ...conclusion, settlement, charged }));
}

/** Records that cannot be written say less than is known (`maybe`, or a reservation too many), which is always safe. */
function quietly(write: () => void): void {
  try {
    write();
  } catch {
    return;
  }
}

/** Nothing is signed or sent that could not be recorded. */
function recorded<T>(write: () => T): T {
  try {
    return write();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PaymentError("record-failed", `The payment could not be recorded: ${why}.`, { cause });
  }
}

function about({ challenge, requirements }: Choice) {
  return { response: challenge.response, requirements };
}
