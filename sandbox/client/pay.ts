import type { PaymentRequirements } from "../protocol/index.ts";
import type { Paid } from "./conclude.ts";
import type { SpendingPolicy } from "./policy.ts";
import { type ReplayableRequest, type RequestToPay, replayable } from "./request.ts";
import type { Signer } from "./sign.ts";
import { type ClientSteps, clientSteps } from "./steps.ts";
import type { Choice } from "./supported-entry.ts";

/** How to pay: who signs, and what the buyer is willing to sign. */
export interface PayOptions extends SpendingPolicy {
  readonly signer: Signer;
  /** Ask and check, but neither sign nor pay. */
  readonly dryRun?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The time in Unix seconds; the machine's own unless the chain keeps another. */
  readonly now?: (() => number) | undefined;
}

/** The seller did not ask for money: its answer, whatever the status. */
export interface Free {
  readonly kind: "free";
  readonly response: Response;
}

/** What a payment would cost; nothing was signed. */
export interface DryRun {
  readonly kind: "dry-run";
  readonly requirements: PaymentRequirements;
}

/** How a payment ended well; every other end is a `PaymentError`. */
export type PaymentOutcome = Free | DryRun | Paid;

/** A request whose price is known and allowed, ready to be signed. */
export interface Ready {
  readonly kind: "ready";
  readonly request: ReplayableRequest;
  readonly choice: Choice;
}

/**
 * Sends a request and pays when the seller asks for it: at most one signature, at most one payment.
 *
 * @throws PaymentError with a code, whether money may have moved, and what to do next
 *
 * @example
 * const outcome = await pay("http://127.0.0.1:4021/weather?city=Rome", { signer: account, maxAmount: 10_000n });
 * if (outcome.kind === "paid") console.log(await outcome.response.json(), outcome.receipt?.transaction);
 */
export async function pay(
  request: RequestToPay,
  options: PayOptions,
  steps: ClientSteps = clientSteps,
): Promise<PaymentOutcome> {
  const prepared = await prepare(request, options, steps);
  if (prepared.kind === "free") return prepared;
  if (options.dryRun === true) return { kind: "dry-run", requirements: prepared.choice.requirements };
  return execute(prepared, options, steps);
}

/** Asks for the price and checks it against the policy; signs nothing. Only a 402 asks for money. */
export async function prepare(
  requestToPay: RequestToPay,
  options: Pick<PayOptions, keyof SpendingPolicy | "signal">,
  steps: ClientSteps = clientSteps,
): Promise<Free | Ready> {
  const { request, response } = await steps.ask(await replayable(requestToPay), options.signal);
  if (response.status !== 402) return { kind: "free", response };
  const challenge = steps.readChallenge(response);
  const choice = steps.choose(challenge, options);
  steps.checkPolicy(choice, options);
  return { kind: "ready", request, choice };
}

/** Signs and pays what {@link prepare} found. */
export async function execute(
  { request, choice }: Ready,
  { signer, signal, now = unixTime }: Pick<PayOptions, "signer" | "signal" | "now">,
  steps: ClientSteps = clientSteps,
): Promise<Paid> {
  const authorization = steps.authorize(choice, signer.address, now());
  const signature = await steps.sign(choice, authorization, signer);
  const payment = steps.composePayment(choice, authorization, signature);
  release(choice.challenge.response);
  const response = await steps.present(request, payment, signal);
  return steps.conclude(response, payment);
}

function unixTime(): number {
  return Math.floor(Date.now() / 1000);
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
