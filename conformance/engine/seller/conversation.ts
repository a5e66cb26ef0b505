import { randomUUID } from "node:crypto";
import type { Address } from "viem";
import type { FaultName, LedgerPoint, Transfer } from "#sandbox";
import {
  type KeptConnection,
  keepConnection,
  type NoAnswer,
  type WireAnswer,
  type WireRequest,
} from "../../oracles/wire/index.ts";
import { type Dialect, dialects } from "../dialect.ts";
import type { Evidence, ExchangeRecord, PayerAccount } from "../evidence.ts";
import { type Finding, NotApplicable, Unproven, Unserved } from "../finding.ts";
import { recordOf, transferRecords, wallClock } from "../transcript.ts";
import { isChargedNothing } from "./charge.ts";
import type { RunContext } from "./context.ts";
import type { Observed } from "./observed.ts";
import type { AnyPayment, PermitPayment } from "./permit-payment.ts";
import { requireNoLimit } from "./rate-limit.ts";
import type { ApiRequest } from "./request.ts";

/** How one exchange is looked at. */
export interface Watching {
  /** Where the chain was before it; asked unless told. */
  readonly before?: LedgerPoint;
  readonly onFirstByte?: () => void;
  /** Closes the connection when it says so. */
  readonly hangUp?: AbortSignal;
}

/** How long a stream is read that is known to go on, in milliseconds. */
const shortPatience = 250;

/** Most exchanges that the evidence of a case shows. */
export const recordsKept = 100;

/** What one buyer and the seller said to each other, and what it came to in deliveries and money. */
export class Conversation {
  readonly #context: RunContext;
  readonly #dialect: Dialect;
  readonly #payer: Address;
  readonly #since: LedgerPoint;
  readonly #records: ExchangeRecord[] = [];
  readonly #faults = new Set<FaultName>();
  readonly #answeredByName = new Set<string>();
  #connection: KeptConnection | undefined;
  #ended = 0;
  #delivered = 0;
  #excused = 0;
  /** Whether the payer has signed anything, and whether anybody may have seen it. */
  #signed = false;
  #exposed = false;

  constructor(context: RunContext, dialect: Dialect, payer: Address, since: LedgerPoint) {
    this.#context = context;
    this.#dialect = dialect;
    this.#payer = payer;
    this.#since = since;
  }

  /** The payer signs from now on, so that what is sent next may move its money. */
  signs(): void {
    this.#signed = true;
  }

  /** Somebody else has seen a signature of the payer. */
  isExposed(): void {
    this.#exposed = true;
  }

  /** So many debits of the payer need no delivery: the case itself brings them about. */
  excuse(debits: number): void {
    this.#excused += debits;
  }

  /** A fault was switched on. */
  meets(fault: FaultName): void {
    this.#faults.add(fault);
  }

  /** Whether a fault was switched on. */
  get metFaults(): boolean {
    return this.#faults.size > 0;
  }

  /** How many requests were answered, or failed. */
  get ended(): number {
    return this.#ended;
  }

  /** Sends what `script` sends over one connection that is kept open. */
  async overOneConnection(script: () => Promise<void>): Promise<void> {
    const connection = keepConnection(this.#context.subject.origin);
    this.#connection = connection;
    try {
      await script();
    } finally {
      this.#connection = undefined;
      connection.destroy();
    }
  }

  /** The moment before an exchange. */
  async now(): Promise<LedgerPoint> {
    // As long as nobody could move the payer's money, every moment since the start is as good as this one.
    const now = await (this.#exposed ? this.#context.ledger.now() : this.#since);
    this.#exposed = this.#signed;
    return now;
  }

  /**
   * Sends a request and gives what came of it.
   *
   * @throws Finding when the seller hangs up, Unproven when it takes too long
   */
  async send(
    label: string,
    plain: WireRequest,
    payment?: AnyPayment,
    watching: Watching = {},
  ): Promise<Observed> {
    const outcome = await this.attempt(label, plain, payment, watching);
    if (!("why" in outcome)) return outcome;
    // A server may close a connection at any time; that it was just then cannot be told from hanging up.
    if (this.#connection !== undefined && !outcome.timedOut)
      throw new NotApplicable(`The seller does not keep connections open: ${outcome.why}.`);
    throw unanswered(outcome, plain);
  }

  /**
   * Sends a request without a payment.
   *
   * @throws as {@link send}, and Unproven when the seller is asked too often, and no fault made it say so
   */
  async ask(plain: WireRequest): Promise<Observed> {
    const observed = await this.send("ask", plain);
    if (!this.metFaults) requireNoLimit(observed.answer);
    return observed;
  }

  /** Sends a request that may well get no answer. */
  async attempt(
    label: string,
    plain: WireRequest,
    payment?: AnyPayment,
    { before, onFirstByte, hangUp }: Watching = {},
  ): Promise<Observed | NoAnswer> {
    const { admin, ledger, lifeline, sale, permitSale, timeoutMs, endless, soldAnswers } = this.#context;
    const requestId = randomUUID();
    const request = { ...plain, headers: { "x-request-id": requestId, ...plain.headers } };
    const since = before ?? (await this.now());
    const startedAt = wallClock();
    const connection = this.#connection;
    const name = `${plain.method} ${plain.target}`;
    const streamPatienceMs = endless.has(name) ? shortPatience : undefined;
    const answer = await lifeline.send(request, {
      timeoutMs,
      streamPatienceMs,
      onFirstByte,
      connection,
      hangUp,
    });
    this.#ended += 1;
    if (answer.kind === "answer" && answer.goesOn) endless.add(name);
    if (this.#records.length < recordsKept) this.#records.push(recordOf(label, request, answer, startedAt));
    const isPaid = this.#isPaidDelivery(request, answer) && !isChargedNothing(payment, answer);
    if (isPaid && !this.#isAnsweredAgain(payment)) this.#delivered += 1;
    if (answer.kind === "no-answer") return answer;
    if (isPaid && payment !== undefined) soldAnswers.add(answer);
    return {
      request,
      answer,
      isMain: isSameRequest(request, this.#context.subject.requests.paid),
      dialect: payment?.dialect ?? this.#dialect,
      payment,
      transfers: () => ledger.transfersFrom(this.#payer, { after: since }),
      workRuns: async () => (await admin.work(requestId)).length,
      sale: () => (isByPermit(payment) ? permitSale(payment.method) : sale(this.#dialect.protocol)),
    };
  }

  /** The exchanges so far, oldest first, what the chain shows, and the account. */
  async evidence(): Promise<Evidence> {
    const transfers = await this.#transfers();
    return {
      exchanges: this.#records,
      transfers: transferRecords(transfers),
      account: this.#accountOf(transfers),
      ...(this.#faults.size === 0 ? {} : { faults: [...this.#faults] }),
    };
  }

  /** What was delivered and settled, for the audit at the end of the run. */
  async account(): Promise<PayerAccount> {
    return this.#accountOf(await this.#transfers());
  }

  /** What left the payer since it is there. */
  async #transfers(): Promise<readonly Transfer[]> {
    if (!this.#exposed) return [];
    return this.#context.ledger.transfersFrom(this.#payer, { after: this.#since });
  }

  #accountOf(transfers: readonly Transfer[]): PayerAccount {
    return {
      address: this.#payer,
      since: String(this.#since),
      delivered: this.#delivered,
      excused: this.#excused,
      settled: transfers.length,
    };
  }

  #isPaidDelivery(request: WireRequest, answer: WireAnswer | NoAnswer): boolean {
    const served = answer.kind === "answer" && answer.status >= 200 && answer.status < 300;
    const { free } = this.#context.subject.requests;
    const isFree = free?.method === request.method && free.target === request.target;
    // What answers HEAD has no content: nothing was delivered by it.
    return served && request.method !== "HEAD" && !isFree && carriesPayment(request);
  }

  /** An answer that a payment identifier brings back is one delivery, however often it comes. */
  #isAnsweredAgain(payment: AnyPayment | undefined): boolean {
    if (payment?.identifier === undefined) return false;
    // By what was signed, and not by the header: the same payment may come in another envelope.
    const purchase = `${payment.identifier} ${payment.id}`;
    const isKnown = this.#answeredByName.has(purchase);
    this.#answeredByName.add(purchase);
    return isKnown;
  }
}

function isSameRequest(request: WireRequest, { method, target, body }: ApiRequest): boolean {
  return request.method === method && request.target === target && request.body === body;
}

function isByPermit(payment: AnyPayment | undefined): payment is PermitPayment {
  return payment !== undefined && payment.method !== "eip3009";
}

function carriesPayment({ headers }: WireRequest): boolean {
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  return Object.values(dialects).some(({ paymentHeader }) => names.includes(paymentHeader));
}

/** A slow subject breaks no rule; one that hangs up instead of answering does. */
function unanswered({ why, timedOut }: NoAnswer, { method, target }: WireRequest): Finding | Unproven {
  const message = `${method} ${target} got no answer.`;
  return timedOut
    ? new Unproven(`${message} ${why}; --timeout allows more.`)
    : new Unserved(message, "an HTTP answer", why);
}
