import type { LocalAccount } from "viem";
import type { LedgerPoint } from "#sandbox";
import type { JsonObject, NoAnswer, WireRequest } from "../../oracles/wire/index.ts";
import type { Actor } from "../case.ts";
import type { Dialect } from "../dialect.ts";
import { Exchange } from "../exchange.ts";
import { Finding, NotApplicable, Unproven } from "../finding.ts";
import type { RunContext } from "./context.ts";
import { Conversation, type Watching } from "./conversation.ts";
import type { Check, Observed } from "./observed.ts";
import { makePayment, type Payment, type PaymentChange } from "./payment.ts";
import type { AnyPayment } from "./permit-payment.ts";
import { requireNoLimit } from "./rate-limit.ts";
import { type ApiRequest, type OptionalRequest, onWire, remedies } from "./request.ts";
import { methodNames, type PaymentMethod } from "./terms.ts";

/** A buyer with a payer of its own, who sends requests and makes honest and dishonest payments. */
export class Buyer implements Actor {
  readonly context: RunContext;
  /** The version that it speaks. */
  readonly dialect: Dialect;
  readonly payer: LocalAccount;
  protected readonly conversation: Conversation;
  protected readonly label: string;
  #lastPayment: Payment | undefined;

  constructor(context: RunContext, dialect: Dialect, label: string, since: LedgerPoint) {
    this.context = context;
    this.dialect = dialect;
    this.payer = context.payers.of(label);
    this.conversation = new Conversation(context, dialect, this.payer.address, since);
    this.label = label;
  }

  /** The paid request that the run is about. */
  get paid(): ApiRequest {
    return this.context.subject.requests.paid;
  }

  /** An optional request of the subject's API; the case names it in `needs`. */
  request(need: OptionalRequest): ApiRequest {
    const request = this.context.subject.requests[need];
    if (request === undefined) throw new NotApplicable(remedies[need]);
    return request;
  }

  /** The paid requests whose handlers fail, as far as they can be paid so; the case names them in `needs`. */
  async failing(method: PaymentMethod = "eip3009"): Promise<readonly ApiRequest[]> {
    const { failing = [] } = this.context.subject.requests;
    const offers = await Promise.all(failing.map((request) => this.context.methodsOf(request)));
    const payable = failing.filter((_, index) => {
      const methods = offers[index] ?? [];
      // What offers nothing that is known is left to the cases that say so.
      return methods.includes(method) || (method === "eip3009" && methods.length === 0);
    });
    if (payable.length > 0) return payable;
    throw new NotApplicable(`${remedies.failing}; it has to take ${methodNames[method]}`);
  }

  /** Whether a fault was switched on for this buyer. */
  get metFaults(): boolean {
    return this.conversation.metFaults;
  }

  /** The payment by EIP-3009 that was sent last. */
  get lastPayment(): Payment {
    if (this.#lastPayment === undefined)
      throw new Error("The case asks for the last payment before it paid.");
    return this.#lastPayment;
  }

  /** Sends a request without a payment. */
  ask(request: ApiRequest = this.paid, headers: WireRequest["headers"] = {}): Exchange<Observed> {
    return new Exchange(() => this.conversation.ask(onWire(this.context.subject, request, headers)));
  }

  /** Asks, pays the challenge and sends the request again with the payment, changed as `change` says. */
  buy(change: PaymentChange = {}, request: ApiRequest = this.paid): Exchange<Observed> {
    return new Exchange(async () => this.sendPaid("pay", request, await this.#pay(request, change)));
  }

  /** Buys like {@link buy}, and looks where the chain is when the first byte of the body arrives. */
  buyWatching(request: ApiRequest): Exchange<Observed> {
    return this.sendWatching(request, () => this.#pay(request, {}));
  }

  /** Sends a payment, and looks where the chain is when the first byte of the body arrives. */
  protected sendWatching(request: ApiRequest, make: () => Promise<AnyPayment>): Exchange<Observed> {
    return new Exchange<Observed>(async () => {
      const payment = await make();
      let point: Promise<LedgerPoint> | undefined;
      const onFirstByte = () => {
        point = this.context.ledger.now();
      };
      const observed = await this.sendPaid("pay", request, payment, { onFirstByte });
      return { ...observed, firstByteAt: await point };
    });
  }

  /** Sends a payment that was made before. */
  resend(payment: AnyPayment, request: ApiRequest = this.paid): Exchange<Observed> {
    return new Exchange(() => this.sendPaid("pay again", request, payment));
  }

  /** Sends a payment and closes the connection when `hangUp` says so. */
  abandon(payment: Payment, hangUp: AbortSignal): Promise<Observed | NoAnswer> {
    this.#lastPayment = payment;
    const wire = this.#wireOf(this.paid, payment);
    return this.conversation.attempt("pay and hang up", wire, payment, { hangUp });
  }

  /** Sends the request with headers of the case's own making in place of a payment header. */
  send(headers: WireRequest["headers"], request: ApiRequest = this.paid): Exchange<Observed> {
    return new Exchange(() => this.conversation.send("send", onWire(this.context.subject, request, headers)));
  }

  /** Sends something that a server may well hang up on; `checks` are held against its answer, if it gives one. */
  async provoke(
    request: ApiRequest,
    headers: WireRequest["headers"],
    ...checks: readonly Check[]
  ): Promise<void> {
    const wire = onWire(this.context.subject, request, headers);
    const outcome = await this.conversation.attempt("provoke", wire);
    if ("why" in outcome) return;
    for (const check of checks) await check(outcome);
  }

  /** Sends what `script` sends over one connection that is kept open, as most clients do. */
  overOneConnection(script: () => Promise<void>): Promise<void> {
    return this.conversation.overOneConnection(script);
  }

  /** Makes a payment for a request without sending it; in another version of x402 where one is given. */
  async prepare(
    change: PaymentChange = {},
    request: ApiRequest = this.paid,
    dialect: Dialect = this.dialect,
  ): Promise<Payment> {
    return this.#pay(request, change, dialect);
  }

  /** Makes many payments for the paid request, all of them for one challenge. */
  async prepareMany(count: number): Promise<Payment[]> {
    const challenge = await this.challengeOf(this.paid, this.dialect);
    const payments = Array.from({ length: count }, () =>
      makePayment(this.context, this.payer, challenge, this.dialect),
    );
    return Promise.all(payments);
  }

  /**
   * Makes a payment for a request that may not offer terms of its own, e.g. because it is invalid: its own challenge
   * if it has one, else the paid request's.
   */
  async prepareFor(request: ApiRequest, change: PaymentChange = {}): Promise<Payment> {
    const { answer } = await this.ask(request).done();
    return this.#pay(this.dialect.readChallenge(answer).stage === "object" ? request : this.paid, change);
  }

  /** Sends one payment `times` times at once; a request that gets no answer counts as one that was not served. */
  together(times: number, payment: AnyPayment): Exchange<readonly Observed[]> {
    return this.allTogether(Array.from({ length: times }, () => payment));
  }

  /** Sends several payments at once, or no more than `inFlight` of them at a time. */
  allTogether(
    payments: readonly AnyPayment[],
    inFlight = payments.length,
    request: ApiRequest = this.paid,
  ): Exchange<readonly Observed[]> {
    return this.#atOnce(
      payments.map((payment) => ({ payment, request })),
      inFlight,
    );
  }

  /** Sends one payment with several requests at once. */
  everywhere(payment: AnyPayment, requests: readonly ApiRequest[]): Exchange<readonly Observed[]> {
    return this.#atOnce(
      requests.map((request) => ({ payment, request })),
      requests.length,
    );
  }

  /** Gives the payer what it starts with, once. */
  fund(): Promise<void> {
    return this.context.payers.fund(this.label);
  }

  /** The exchanges so far, oldest first, what the chain shows, and the account. */
  evidence() {
    return this.conversation.evidence();
  }

  /** What was delivered and settled, for the audit at the end of the run. */
  account() {
    return this.conversation.account();
  }

  async #pay(request: ApiRequest, change: PaymentChange, dialect = this.dialect): Promise<Payment> {
    const challenge = await this.challengeOf(request, dialect);
    return makePayment(this.context, this.payer, challenge, dialect, change);
  }

  /** The challenge for a request, from the moment at which the payer signs for it. */
  protected async challengeOf(request: ApiRequest, dialect: Dialect): Promise<JsonObject> {
    const [{ answer }] = await Promise.all([
      this.conversation.ask(onWire(this.context.subject, request)),
      this.fund(),
    ]);
    const reading = dialect.readChallenge(answer);
    if (reading.stage !== "object") {
      requireNoLimit(answer);
      const why = this.context.soldAnswers.hint(answer);
      throw new Unproven(`There is no challenge to pay: ${reading.problem}.${why}`);
    }
    this.conversation.signs();
    return reading.challenge;
  }

  #atOnce(
    sendings: readonly { readonly payment: AnyPayment; readonly request: ApiRequest }[],
    inFlight: number,
  ): Exchange<readonly Observed[]> {
    return new Exchange<readonly Observed[]>(async () => {
      const before = await this.conversation.now();
      const outcomes: (Observed | undefined)[] = [];
      const queue = sendings.entries();
      const lane = async () => {
        for (const [place, { payment, request }] of queue) {
          const sending = this.sendPaid("pay at once", request, payment, { before });
          outcomes[place] = await sending.catch(noAnswer);
        }
      };
      await Promise.all(Array.from({ length: inFlight }, lane));
      const answered = outcomes.filter((outcome) => outcome !== undefined);
      // What got no answer may have been settled all the same.
      this.conversation.excuse(sendings.length - answered.length);
      if (answered.length > 0) return answered;
      throw new Unproven(`None of ${sendings.length} requests at once got an answer.`);
    });
  }

  protected async sendPaid(
    label: string,
    request: ApiRequest,
    payment: AnyPayment,
    watching: Watching = {},
  ): Promise<Observed> {
    if (payment.method === "eip3009") this.#lastPayment = payment;
    return this.conversation.send(label, this.#wireOf(request, payment), payment, watching);
  }

  #wireOf(request: ApiRequest, { dialect, header }: AnyPayment): WireRequest {
    return onWire(this.context.subject, request, { [dialect.paymentHeader]: header });
  }
}

/** Lets pass that a request got no answer; a fault of the suite stays one. */
function noAnswer(error: unknown): undefined {
  if (!(error instanceof Finding || error instanceof Unproven)) throw error;
}
