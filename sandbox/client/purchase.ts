import type { Asked } from "./ask.ts";
import type { Challenge } from "./challenge.ts";
import type { Preference } from "./choose.ts";
import type { Paid } from "./conclude.ts";
import { dialectOf } from "./dialects.ts";
import { PaymentError } from "./payment-error.ts";
import { paymentErrors } from "./payment-errors.ts";
import type { SpendingPolicy } from "./policy.ts";
import type { NextAction, Passthrough, Prepared, Ready, Unpayable } from "./prepared.ts";
import type { Memory } from "./recall.ts";
import type { PaymentReceipt } from "./receipt.ts";
import type { Conclusion, PaymentRecord, PaymentRecords } from "./records.ts";
import type { ReplayableRequest, RequestToPay } from "./request.ts";
import type { ShapeFinder } from "./request-hints.ts";
import type { SignedPayment } from "./signed-payment.ts";
import type { Signer, SignerSources } from "./signer.ts";
import type { ClientSteps } from "./steps.ts";
import type { Choice } from "./supported-entry.ts";
import type { Transport } from "./transport.ts";

/** What all purchases of one buyer share. */
export interface Desk extends Memory {
  readonly steps: ClientSteps;
  readonly policy: SpendingPolicy;
  readonly preferences: readonly Preference[];
  readonly signers: SignerSources;
  readonly transport: Transport;
  /** Milliseconds that a signer may take. */
  readonly signerTimeout: number;
  /** How often a payment is presented again after a lost answer. */
  readonly resends: number;
  readonly findShape: ShapeFinder;
}

/**
 * Asks for the price and checks it against the policy; signs nothing. Only a 402 asks for money. A purchase for which
 * something was signed before is not asked about again.
 */
export async function prepare(toPay: RequestToPay, desk: Desk): Promise<Prepared> {
  const { steps } = desk;
  const request = await steps.encode(toPay);
  const record = await steps.recall(request, desk);
  if (record !== undefined) return readyAgain({ ...request, url: record.url }, record);

  const asked = await steps.ask(request, desk.transport);
  if (asked.response.status !== 402) return passthrough(asked, desk);
  let challenge: Challenge | undefined;
  try {
    challenge = await steps.readChallenge(asked.response);
    const choice = steps.choose(challenge, {
      support: steps.support,
      denial: (entry) => steps.checkPolicy(entry, desk.policy),
      preferences: desk.preferences,
    });
    return await ready(asked.request, choice, desk);
  } catch (error) {
    if (error instanceof PaymentError) return unpayable(asked, error, challenge, desk);
    throw error;
  }
}

/** Signs and pays what {@link prepare} found. Whatever was signed for the purchase before is presented instead. */
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
  { idempotencyKey, settlement }: PaymentReceipt,
  conclusion: Omit<Conclusion, "settlement">,
): void {
  quietly(() => records.conclude(idempotencyKey, { ...conclusion, settlement }));
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

async function ready(request: ReplayableRequest, choice: Choice, desk: Desk): Promise<Ready> {
  const shape = await desk.findShape(request, choice.challenge);
  release(choice.challenge.response);
  const { idempotencyKey } = request;
  const { requirements, amount } = choice;
  const nextAction: NextAction =
    shape.issues.length === 0
      ? { action: "execute", text: "Execute it to pay and get the answer." }
      : { action: "correct-request", text: "Correct the request first: it may cost money and fail." };
  const payment = { kind: "to-sign", choice } as const;
  return { kind: "ready", idempotencyKey, request, requirements, amount, payment, ...shape, nextAction };
}

function readyAgain(request: ReplayableRequest, record: PaymentRecord): Ready {
  const { requirements } = record.payment;
  const { idempotencyKey, amount } = record;
  const text =
    "Execute it to present the payment that was signed before under this key; nothing new is signed.";
  return {
    kind: "ready",
    idempotencyKey,
    request,
    requirements,
    amount,
    payment: { kind: "signed-before", record },
    hints: [],
    issues: [],
    nextAction: { action: "execute", text },
  };
}

async function passthrough({ request, response }: Asked, desk: Desk): Promise<Passthrough> {
  const shape = await desk.findShape(request, undefined);
  const { idempotencyKey } = request;
  return {
    kind: "passthrough",
    idempotencyKey,
    request,
    response,
    ...shape,
    nextAction: afterFree(response),
  };
}

function afterFree({ ok, status }: Response): NextAction {
  if (ok) return { action: "use-response", text: "It costs nothing: this is the answer." };
  if (status >= 500) return { action: "try-later", text: "The server failed; no money was asked." };
  if (status >= 400)
    return { action: "correct-request", text: "The server refused the request; no money was asked." };
  return { action: "use-response", text: "The server answered without asking for money." };
}

async function unpayable(
  { request, response }: Asked,
  error: PaymentError,
  challenge: Challenge | undefined,
  desk: Desk,
): Promise<Unpayable> {
  const shape = await desk.findShape(request, challenge);
  const { idempotencyKey } = request;
  const nextAction = { action: paymentErrors[error.code].action, text: error.next };
  return { kind: "unpayable", idempotencyKey, request, response, error, ...shape, nextAction };
}

/** Largest body of a 402 worth reading to keep its connection for the paid request, in bytes. */
const worthReading = 65_536;

/** Frees the connection of a 402 whose body is not needed; the body may fail without consequence. */
function release(response: Response): void {
  const length = response.headers.get("content-length");
  const small = length !== null && Number(length) <= worthReading;
  const released = small ? response.arrayBuffer() : response.body?.cancel();
  released?.catch(() => undefined);
}
