import { randomUUID } from "node:crypto";
import type { Address } from "viem";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import type { FaultName, FaultParameters, JournalEntry, LedgerPoint } from "#sandbox";
import {
  type JsonObject,
  type NoAnswer,
  sendOverWire,
  type WireAnswer,
  type WireRequest,
} from "../oracles/wire/index.ts";
import type { Actor } from "./case.ts";
import type { RunContext } from "./context.ts";
import { type Dialect, dialects } from "./dialect.ts";
import { type Check, Exchange, ExchangeGroup, type Observed } from "./exchange.ts";
import { Finding, NotApplicable, Unproven } from "./finding.ts";
import type { SmartAccountKind } from "./on-chain.ts";
import { makePayment, type Payment, type PaymentChange } from "./payment.ts";
import { type ApiRequest, type OptionalRequest, onWire, remedies } from "./request.ts";
import { recordOf } from "./transcript.ts";
import type { ExchangeRecord, PayerAccount } from "./verdict.ts";

/** How one exchange is looked at. */
interface Watching {
  /** Where the chain was before it; asked unless told. */
  readonly before?: LedgerPoint;
  readonly onFirstByte?: () => void;
}

/** Most exchanges that the evidence of a case shows. */
const recordsKept = 100;

/**
 * The buyer of one case: holds a payer of its own, sends requests, makes honest and dishonest payments, and keeps
 * account of what it did. `t` in every case.
 */
export class Trader implements Actor {
  readonly context: RunContext;
  /** The version that it speaks. */
  readonly dialect: Dialect;
  readonly payer: PrivateKeyAccount;
  readonly #label: string;
  readonly #since: LedgerPoint;
  readonly #records: ExchangeRecord[] = [];
  #delivered = 0;
  readonly #answeredByName = new Set<string>();
  #excused = 0;
  #lastPayment: Payment | undefined;
  /** Whether the payer has signed anything, and whether anybody may have seen it. */
  #signed = false;
  #exposed = false;

  /** Opens a buyer whose payer is derived from the run's seed and `label`. */
  static async open(context: RunContext, label: string, dialect: Dialect): Promise<Trader> {
    return new Trader(context, dialect, label, await context.ledger.now());
  }

  constructor(context: RunContext, dialect: Dialect, label: string, since: LedgerPoint) {
    this.context = context;
    this.dialect = dialect;
    this.payer = context.payers.of(label);
    this.#label = label;
    this.#since = since;
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

  /** The payment that was sent last. */
  get lastPayment(): Payment {
    if (this.#lastPayment === undefined)
      throw new Error("The case asks for the last payment before it paid.");
    return this.#lastPayment;
  }

  /** Sends a request without a payment. */
  ask(request: ApiRequest = this.paid, headers: WireRequest["headers"] = {}): Exchange {
    return new Exchange(() => this.#send("ask", onWire(this.context.subject.origin, request, headers)));
  }

  /** Asks, pays the challenge and sends the request again with the payment, changed as `change` says. */
  buy(change: PaymentChange = {}, request: ApiRequest = this.paid): Exchange {
    return new Exchange(async () => this.#sendPaid("pay", request, await this.#pay(request, change)));
  }

  /** Buys like {@link buy}, and looks where the chain is when the first byte of the body arrives. */
  buyWatching(request: ApiRequest): Exchange {
    return new Exchange<Observed>(async () => {
      const payment = await this.#pay(request, {});
      let point: Promise<LedgerPoint> | undefined;
      const onFirstByte = () => {
        point = this.context.ledger.now();
      };
      const observed = await this.#sendPaid("pay", request, payment, { onFirstByte });
      return { ...observed, firstByteAt: await point };
    });
  }

  /** Sends a payment that was made before. */
  resend(payment: Payment, request: ApiRequest = this.paid): Exchange {
    return new Exchange(() => this.#sendPaid("pay again", request, payment));
  }

  /** Sends the request with headers of the case's own making in place of a payment header. */
  send(headers: WireRequest["headers"], request: ApiRequest = this.paid): Exchange {
    return new Exchange(() => this.#send("send", onWire(this.context.subject.origin, request, headers)));
  }

  /** Sends something that a server may well hang up on; `checks` are held against its answer, if it gives one. */
  async provoke(
    request: ApiRequest,
    headers: WireRequest["headers"],
    ...checks: readonly Check[]
  ): Promise<void> {
    const wire = onWire(this.context.subject.origin, request, headers);
    const outcome = await this.#attempt("provoke", wire);
    if ("why" in outcome) return;
    for (const check of checks) await check(outcome);
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
    const challenge = await this.#challengeOf(this.paid, this.dialect);
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
  together(times: number, payment: Payment): ExchangeGroup {
    return this.allTogether(Array.from({ length: times }, () => payment));
  }

  /** Sends several payments at once, or no more than `inFlight` of them at a time. */
  allTogether(payments: readonly Payment[], inFlight = payments.length): ExchangeGroup {
    return new ExchangeGroup(async () => {
      const before = await this.#now();
      const outcomes: (Observed | undefined)[] = [];
      const queue = payments.entries();
      const lane = async () => {
        for (const [place, payment] of queue) {
          outcomes[place] = await this.#sendPaid("pay at once", this.paid, payment, { before }).catch(
            noAnswer,
          );
        }
      };
      await Promise.all(Array.from({ length: inFlight }, lane));
      const answered = outcomes.filter((outcome) => outcome !== undefined);
      // What got no answer may have been settled all the same.
      this.#excused += payments.length - answered.length;
      if (answered.length > 0) return answered;
      throw new Unproven(`None of ${payments.length} requests at once got an answer.`);
    });
  }

  /** Gives the payer plenty of a token that is worth nothing but behaves like the real one; its address. */
  holdWorthlessToken(): Promise<Address> {
    return this.context.onChain.giveWorthlessToken(this.payer.address);
  }

  /** Somebody spends a payment's authorization on chain before the seller can. */
  async spendOnChain({ authorization, signature }: Payment): Promise<void> {
    this.#excused += 1;
    this.#exposed = true;
    await this.context.onChain.spend(authorization, signature);
  }

  /** Makes the payer a smart account (ERC-1271); gives the key that signs for it from now on. */
  async becomeSmartAccount(kind: SmartAccountKind): Promise<PrivateKeyAccount> {
    const owner = privateKeyToAccount(generatePrivateKey());
    await this.context.onChain.makeSmart(this.payer.address, owner.address, kind);
    return owner;
  }

  /** The token's issuer freezes this case's payer. */
  async blacklistPayer(): Promise<void> {
    await this.#fund();
    await this.context.onChain.blacklist(this.payer.address);
  }

  /** Sends an exchange while the token is paused for everybody; only for cases that run alone. */
  async whileTokenPaused(exchange: Exchange): Promise<Observed> {
    await this.#fund();
    return this.context.onChain.whilePaused(() => exchange.done());
  }

  /** The payer cancels a payment's authorization on chain. */
  cancelOnChain({ authorization, domain }: Payment): Promise<void> {
    return this.context.onChain.cancel(authorization, this.payer, domain);
  }

  /** Makes the facilitator misbehave towards this case's payer, `times` times; gives the fault's id. */
  facilitatorWill(name: FaultName, times = 1, terms: FaultParameters = {}): Promise<number> {
    this.#excused += times;
    return this.context.admin.addFault({ ...terms, name, payer: this.payer.address, times });
  }

  /**
   * Sends an exchange while the facilitator misbehaves, and lets the facilitator recover. A fault that was never
   * reached judges nobody: not every seller asks the facilitator everything, e.g. one that settles before it serves
   * need not verify.
   */
  async underFault(
    name: FaultName,
    exchange: Exchange,
    times = 5,
    terms: FaultParameters = {},
  ): Promise<Observed> {
    const id = await this.facilitatorWill(name, times, terms);
    const wasReached = async () => {
      if ((await this.context.admin.faultReached(id)) > 0) return;
      throw new NotApplicable(`The seller did not make the call that the fault ${name} bites.`);
    };
    try {
      return await exchange.given(wasReached).done();
    } finally {
      await this.context.admin.removeFault(id);
    }
  }

  /** The time of the chain's next block, in Unix seconds. */
  async chainTime(): Promise<bigint> {
    return (await this.context.chain.getBlock({ blockTag: "pending" })).timestamp;
  }

  /** Moves the chain's clock beyond the end of a payment's authorization; only for cases that run alone. */
  async outlive({ authorization }: Payment): Promise<void> {
    const secondsLeft = Number(authorization.validBefore - (await this.chainTime()));
    if (secondsLeft >= 0) await this.context.admin.advanceClock(secondsLeft + 1);
  }

  /**
   * Sends an exchange while something is broken, and mends it. A fault that was never reached judges nobody.
   *
   * @param debits how often the fault may cost the payer without a delivery
   * @param forAll everybody feels it, and not this case's payer alone; only for cases that run alone
   */
  async whileBroken(
    name: FaultName,
    exchange: Exchange,
    { debits = 0, forAll = false } = {},
  ): Promise<Observed> {
    await this.#fund();
    this.#excused += debits;
    const { admin } = this.context;
    const id = await admin.addFault({ name, ...(forAll ? {} : { payer: this.payer.address }) });
    const wasReached = async () => {
      if ((await admin.faultReached(id)) > 0) return;
      throw new NotApplicable(`The seller's facilitator did not make the call that the fault ${name} bites.`);
    };
    try {
      return await exchange.given(wasReached).done();
    } finally {
      await admin.removeFault(id);
    }
  }

  /** What the seller asked the facilitator about this payer. */
  facilitatorSaw(): Promise<JournalEntry[]> {
    return this.context.admin.exchanges(this.payer.address);
  }

  /**
   * Asks for what is paid while the facilitator misbehaves towards everybody; only for cases that run alone.
   * `restarted`: the subject starts under the fault. `undefined` when it does not come up: it fails closed.
   */
  async askUnder(name: FaultName, { restarted = false } = {}): Promise<Observed | undefined> {
    const id = await this.context.admin.addFault({ name });
    try {
      const asked = restarted ? await this.#askRestarted() : await this.ask().done();
      if ((await this.context.admin.faultReached(id)) > 0) return asked;
      throw new NotApplicable(`The seller did not make the call that the fault ${name} bites.`);
    } finally {
      await this.context.admin.removeFault(id);
    }
  }

  async #askRestarted(): Promise<Observed | undefined> {
    try {
      await this.restart();
    } catch (error) {
      if (error instanceof Unproven) return undefined;
      throw error;
    }
    return this.ask().done();
  }

  /** Ends the subject and starts it again. */
  async restart(): Promise<void> {
    const { restartUrl } = this.context.subject;
    if (restartUrl === undefined) throw new NotApplicable(remedies.restart);
    const response = await fetch(restartUrl, { method: "POST" });
    if (!response.ok)
      throw new Unproven(`The subject did not come back after a restart: ${await response.text()}`);
  }

  /** The exchanges so far, oldest first, with secrets taken out, and the account. */
  async evidence() {
    return { exchanges: this.#records, account: await this.account() };
  }

  /** What was delivered and settled, for the audit at the end of the run. */
  async account(): Promise<PayerAccount> {
    const transfers = this.#exposed
      ? await this.context.ledger.transfersFrom(this.payer.address, { after: this.#since })
      : [];
    return {
      address: this.payer.address,
      since: String(this.#since),
      delivered: this.#delivered,
      excused: this.#excused,
      settled: transfers.length,
    };
  }

  async #pay(request: ApiRequest, change: PaymentChange, dialect = this.dialect): Promise<Payment> {
    const challenge = await this.#challengeOf(request, dialect);
    return makePayment(this.context, this.payer, challenge, dialect, change);
  }

  /** The challenge for a request, from the moment at which the payer signs for it. */
  async #challengeOf(request: ApiRequest, dialect: Dialect): Promise<JsonObject> {
    const [{ answer }] = await Promise.all([
      this.#send("ask", onWire(this.context.subject.origin, request)),
      this.#fund(),
    ]);
    const reading = dialect.readChallenge(answer);
    if (reading.stage !== "object") throw new Unproven(`There is no challenge to pay: ${reading.problem}.`);
    this.#signed = true;
    return reading.challenge;
  }

  #fund(): Promise<void> {
    return this.context.payers.fund(this.#label);
  }

  async #sendPaid(
    label: string,
    request: ApiRequest,
    payment: Payment,
    watching: Watching = {},
  ): Promise<Observed> {
    this.#lastPayment = payment;
    const wire = onWire(this.context.subject.origin, request, {
      [payment.dialect.paymentHeader]: payment.header,
    });
    return this.#send(label, wire, payment, watching);
  }

  #isPaidDelivery(request: WireRequest, answer: WireAnswer | NoAnswer): boolean {
    const served = answer.kind === "answer" && answer.status >= 200 && answer.status < 300;
    const { free } = this.context.subject.requests;
    const isFree = free?.method === request.method && free.target === request.target;
    return served && !isFree && carriesPayment(request);
  }

  /** An answer that a payment identifier brings back is one delivery, however often it comes. */
  #isAnsweredAgain(payment: Payment | undefined): boolean {
    if (payment?.identifier === undefined) return false;
    const isKnown = this.#answeredByName.has(payment.header);
    this.#answeredByName.add(payment.header);
    return isKnown;
  }

  async #send(
    label: string,
    plain: WireRequest,
    payment?: Payment,
    watching: Watching = {},
  ): Promise<Observed> {
    const outcome = await this.#attempt(label, plain, payment, watching);
    if ("why" in outcome) throw unanswered(outcome, plain);
    return outcome;
  }

  /** The moment before an exchange. */
  async #now(): Promise<LedgerPoint> {
    // As long as nobody could move the payer's money, every moment since the start is as good as this one.
    const now = await (this.#exposed ? this.context.ledger.now() : this.#since);
    this.#exposed = this.#signed;
    return now;
  }

  async #attempt(
    label: string,
    plain: WireRequest,
    payment?: Payment,
    { before, onFirstByte }: Watching = {},
  ): Promise<Observed | NoAnswer> {
    const requestId = randomUUID();
    const request = { ...plain, headers: { "x-request-id": requestId, ...plain.headers } };
    const since = before ?? (await this.#now());
    const answer = await sendOverWire(request, this.context.timeoutMs, onFirstByte);
    if (this.#records.length < recordsKept) this.#records.push(recordOf(label, request, answer));
    if (this.#isPaidDelivery(request, answer) && !this.#isAnsweredAgain(payment)) this.#delivered += 1;
    if (answer.kind === "no-answer") return answer;
    return {
      request,
      answer,
      dialect: payment?.dialect ?? this.dialect,
      payment,
      transfers: () => this.context.ledger.transfersFrom(this.payer.address, { after: since }),
      workRuns: async () => (await this.context.admin.work(requestId)).length,
      sale: () => this.context.sale(this.dialect.protocol),
    };
  }
}

function carriesPayment({ headers }: WireRequest): boolean {
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  return Object.values(dialects).some(({ paymentHeader }) => names.includes(paymentHeader));
}

/** Lets pass that a request got no answer; a fault of the suite stays one. */
function noAnswer(error: unknown): undefined {
  if (!(error instanceof Finding || error instanceof Unproven)) throw error;
}

/** A slow subject breaks no rule; one that hangs up instead of answering does. */
function unanswered({ why, timedOut }: NoAnswer, { method, target }: WireRequest): Finding | Unproven {
  const message = `${method} ${target} got no answer.`;
  return timedOut
    ? new Unproven(`${message} ${why}; --timeout allows more.`)
    : new Finding(message, "an HTTP answer", why);
}
