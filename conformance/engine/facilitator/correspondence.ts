import type { Address } from "viem";
import type { FaultName, LedgerPoint, Transfer } from "#sandbox";
import { field, type NoAnswer, type WireAnswer, type WireRequest } from "../../oracles/wire/index.ts";
import type { Evidence, ExchangeRecord, PayerAccount } from "../evidence.ts";
import { Finding, Unproven } from "../finding.ts";
import { recordOf, transferRecords, wallClock } from "../transcript.ts";
import { broadcastsOf } from "./broadcasts.ts";
import type { FacilitatorContext } from "./context.ts";
import type { AnyOrder } from "./permit-order.ts";
import { isReportedSettled, jsonOf, type Reply } from "./reply.ts";
import type { FacilitatorSetup } from "./setup.ts";

export type Endpoint = "verify" | "settle";

/** No answer within the time that the run allows. */
export class NoAnswerInTime extends Unproven {}

/** What one seller asked the facilitator and was told, and what it came to in settlements and money. */
export class Correspondence {
  readonly #context: FacilitatorContext;
  readonly #payer: Address;
  readonly #since: LedgerPoint;
  readonly #records: ExchangeRecord[] = [];
  readonly #faults = new Set<FaultName>();
  #reportedSettled = new Set<string>();
  /** Orders that were reported as settled, by the transaction that was named. */
  readonly #settledBy = new Map<string, Set<string>>();
  #excused = 0;

  constructor(context: FacilitatorContext, payer: Address, since: LedgerPoint) {
    this.#context = context;
    this.#payer = payer;
    this.#since = since;
  }

  /** So many debits of the payer need no settlement that is reported: the case itself brings them about. */
  excuse(debits: number): void {
    this.#excused += debits;
  }

  /** A fault of the case's making is about to bite. */
  suffers(fault: FaultName): void {
    this.#faults.add(fault);
  }

  /** How many orders were reported as settled by a transaction. */
  settledBy(transaction: string): number {
    return this.#settledBy.get(transaction)?.size ?? 0;
  }

  /** What was reported as settled so far; to be given to {@link Correspondence.takeBack} when it may be undone. */
  reportedSoFar(): ReadonlySet<string> {
    return new Set(this.#reportedSettled);
  }

  /** What was reported as settled since may be undone. */
  takeBack(reported: ReadonlySet<string>): void {
    this.#reportedSettled = new Set(reported);
  }

  /** Presents an order. */
  async ask(endpoint: Endpoint, order: AnyOrder): Promise<Reply> {
    const reply = await this.#send(
      postTo(this.#context.subject, endpoint, JSON.stringify(order.body)),
      order,
    );
    // What costs nothing needs no transfer.
    if (endpoint === "settle" && isReportedSettled(reply) && order.amount > 0n) {
      this.#reportedSettled.add(order.id);
      const transaction = String(field(reply.json, "transaction"));
      this.#settledBy.set(transaction, new Set(this.#settledBy.get(transaction)).add(order.id));
    }
    return reply;
  }

  /** `POST` with a body of the case's own making: text goes out as it is. */
  post(endpoint: Endpoint, body: string, headers: WireRequest["headers"]): Promise<Reply> {
    return this.#send(postTo(this.#context.subject, endpoint, body, headers));
  }

  /** `GET` of a path. */
  get(path: string): Promise<Reply> {
    return this.#send(requestTo(this.#context.subject, "GET", path));
  }

  /** Every transfer of the payer's since the case began, as the chain has them now. */
  transfers(): Promise<readonly Transfer[]> {
    return this.#context.ledger.transfersFrom(this.#payer, { after: this.#since });
  }

  /** The calls so far, oldest first, what moved, and the account. */
  async evidence(): Promise<Evidence> {
    const transfers = await this.transfers();
    return {
      exchanges: this.#records,
      transfers: transferRecords(transfers),
      account: this.#accountOf(transfers),
      ...(this.#faults.size === 0 ? {} : { faults: [...this.#faults] }),
    };
  }

  /** What was reported as settled and what moved, for the audit at the end of the run. */
  async account(): Promise<PayerAccount> {
    return this.#accountOf(await this.transfers());
  }

  #accountOf(transfers: readonly Transfer[]): PayerAccount {
    return {
      address: this.#payer,
      since: String(this.#since),
      delivered: this.#reportedSettled.size,
      excused: this.#excused,
      settled: transfers.length,
    };
  }

  async #send(request: WireRequest, order?: AnyOrder): Promise<Reply> {
    const after = await this.#context.ledger.now();
    const answer = answered(await this.#record(request), request);
    const payer = order?.payer ?? this.#payer;
    return {
      request,
      answer,
      json: jsonOf(answer),
      order,
      transfers: () => this.#context.ledger.transfersFrom(payer, { after }),
      broadcasts: () => broadcastsOf(this.#context.chain, payer, after),
    };
  }

  async #record(request: WireRequest): Promise<WireAnswer | NoAnswer> {
    const startedAt = wallClock();
    const { lifeline, timeoutMs } = this.#context;
    const answer = await lifeline.send(request, { timeoutMs });
    this.#records.push(recordOf(request.target, request, answer, startedAt));
    return answer;
  }
}

function postTo(
  subject: FacilitatorSetup,
  endpoint: Endpoint,
  body: string,
  headers: WireRequest["headers"] = {},
): WireRequest {
  return {
    ...requestTo(subject, "POST", `/${endpoint}`, { "content-type": "application/json", ...headers }),
    body,
  };
}

/** A request to a facilitator, whose base URL may have a path of its own. */
export function requestTo(
  { url, headers: always }: FacilitatorSetup,
  method: string,
  path: string,
  headers: WireRequest["headers"] = {},
): WireRequest {
  const { origin, pathname } = new URL(url);
  return {
    method,
    origin,
    target: `${pathname.replace(/\/$/, "")}${path}`,
    headers: { ...always, ...headers },
  };
}

function answered(answer: WireAnswer | NoAnswer, request: WireRequest): WireAnswer {
  if (answer.kind === "answer") return answer;
  const message = `${request.method} ${request.target} got no answer.`;
  // A slow facilitator breaks no rule; one that hangs up instead of answering does.
  if (answer.timedOut) throw new NoAnswerInTime(`${message} ${answer.why}; --timeout allows more.`);
  throw new Finding(message, "an HTTP answer", answer.why);
}
