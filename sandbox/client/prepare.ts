import type { Asked } from "./ask.ts";
import type { Challenge } from "./challenge.ts";
import type { Desk } from "./desk.ts";
import { PaymentError } from "./payment-error.ts";
import { paymentErrors } from "./payment-errors.ts";
import type { PaymentRecord } from "./payment-record.ts";
import type { NextAction, Passthrough, Prepared, Ready, Unpayable } from "./prepared.ts";
import type { ReplayableRequest, RequestToPay } from "./request.ts";
import type { Choice } from "./supported-entry.ts";

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
