import { once } from "node:events";
import * as http from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { encodeBase64Text, type Json, type JsonObject, v1NameOf } from "../../oracles/wire/index.ts";
import type { ProtocolId } from "../../requirements/index.ts";
import { dialects } from "../dialect.ts";
import type { ExchangeRecord } from "../evidence.ts";
import { recordOf, wallClock } from "../transcript.ts";
import { type Conduct, delivers, type PaidAnswer } from "./conduct.ts";
import { type AskingAnswer, ask, type Demand, type Goods } from "./demand.ts";
import { flatHeaders, type Host, paymentsIn, type Received, type SeenPayment } from "./received.ts";
import type { Till } from "./till.ts";

/** Path and query of what is sold: enough of both to see whether a client keeps them. */
const soldTarget = "/report?city=Z%C3%BCrich&units=a%2Bb";

/** A client that sends more requests than this will send them forever. */
const tooMany = 30;

/** Largest head of a request that is read, in bytes: a payment echoes what it was offered. */
const largestHeader = 1024 * 1024;

/** Pause between the pieces of a slow body, in milliseconds. */
const pause = 100;

/** What is behind the counter. */
export interface StorefrontOptions {
  readonly protocol: ProtocolId;
  readonly goods: Omit<Goods, "url">;
  readonly content: string;
  readonly conduct: Conduct;
  readonly till: Till;
  /** Called when the client sends requests without end. */
  readonly onFlood: () => void;
}

/** One answer, ready to be sent, or a connection that ends without one. */
type Reply =
  | {
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      readonly slowly?: true;
    }
  | "hang up";

/**
 * The HTTP server of one errand, on a port of its own, and, where the conduct needs one, a second host. Keeps every
 * request that comes in, also after the errand is over: it stays open until the run is audited.
 */
export class Storefront {
  readonly requests: Received[] = [];
  readonly records: ExchangeRecord[] = [];
  /** Every entry that was offered. */
  readonly offered: JsonObject[] = [];
  /** Every message that was sent to ask for money. */
  readonly challenges: Json[] = [];
  /** What went wrong on our side. */
  readonly faults: unknown[] = [];
  deliveries = 0;
  readonly #options: StorefrontOptions;
  readonly #servers: http.Server[] = [];
  readonly #urls = new Map<Host, string>();
  #paidRequests = 0;
  #requestsAtTheEnd: number | undefined;

  static async open(options: StorefrontOptions): Promise<Storefront> {
    const storefront = new Storefront(options);
    await storefront.#listen("shop");
    if (sendsAway(options.conduct)) await storefront.#listen("stranger");
    return storefront;
  }

  constructor(options: StorefrontOptions) {
    this.#options = options;
  }

  /** What the client is sent to. */
  get url(): string {
    return this.#urlOf("shop");
  }

  /** Host and port by which requests name each of the hosts. */
  authorityOf(host: Host): string {
    return new URL(this.#urlOf(host)).host;
  }

  /** The client says that it is done: what it still pays from now on, nobody waits for. */
  errandIsOver(): void {
    this.#requestsAtTheEnd = this.requests.length;
  }

  /** Payments that came in after the errand was over. */
  latePayments(): number {
    if (this.#requestsAtTheEnd === undefined) return 0;
    return this.requests.slice(this.#requestsAtTheEnd).filter(({ payments }) => payments.length > 0).length;
  }

  close(): void {
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
  }

  async #listen(host: Host): Promise<void> {
    const server = http.createServer({ maxHeaderSize: largestHeader }, (request, response) => {
      this.#serve(host, request, response).catch((error) => {
        this.faults.push(error);
        response.destroy();
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The storefront has no port.");
    this.#servers.push(server);
    this.#urls.set(host, `http://127.0.0.1:${address.port}${soldTarget}`);
  }

  #urlOf(host: Host): string {
    const url = this.#urls.get(host);
    if (url === undefined) throw new Error(`The storefront has no ${host}.`);
    return url;
  }

  async #serve(host: Host, request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { method = "GET", url: target = "/" } = request;
    const at = Date.now();
    const startedAt = wallClock();
    const headers = flatHeaders(request.headers);
    const body = await text(request).catch(() => undefined);
    // The client went away before its request was whole.
    if (body === undefined) return;
    const received = { host, at, method, target, headers, body, payments: paymentsIn(headers, at) };
    this.requests.push(received);
    if (this.requests.length === tooMany) this.#options.onFlood();
    const reply = this.requests.length >= tooMany ? "hang up" : await this.#replyTo(received);
    this.#record(received, reply, startedAt);
    if (reply === "hang up") response.socket?.destroy();
    else await send(reply, response);
  }

  async #replyTo(received: Received): Promise<Reply> {
    const { pathname } = new URL(received.target, "http://shop");
    if (pathname !== "/report") return plain(404, { error: "There is nothing here." });
    const [payment] = received.payments;
    if (payment === undefined) return this.#meet(received.host);
    const examined = await this.#options.till.examine(payment, this.offered);
    return examined.ok ? this.#answer(received.host, payment) : this.#asking(received.host, examined.why);
  }

  /** Answers a request without a payment. */
  #meet(host: Host): Reply {
    const { movedWith } = this.#options.conduct.asks ?? {};
    if (movedWith !== undefined && host === "shop") return this.#movedTo(movedWith);
    return this.#asking(host, "Payment required");
  }

  /** The other host asks honestly, whatever the shop does. */
  #asking(host: Host, error: string, demand = host === "shop" ? this.#options.conduct.asks : {}): Reply {
    const { status, headers, body } = this.#ask(host, demand ?? {}, error);
    return { status, headers, body };
  }

  #ask(host: Host, demand: Demand, error: string): AskingAnswer {
    const goods = { ...this.#options.goods, url: this.#urlOf(host) };
    const asking = ask(this.#options.protocol, goods, demand, error);
    this.offered.push(...asking.entries);
    this.challenges.push(asking.challenge);
    return asking;
  }

  /** Answers a request with a valid payment. */
  async #answer(host: Host, payment: SeenPayment): Promise<Reply> {
    const { answers = [] } = this.#options.conduct;
    const answer = answers[Math.min(this.#paidRequests, answers.length - 1)];
    this.#paidRequests += 1;
    return this.#carryOut(host === "shop" && answer !== undefined ? answer : delivers(), host, payment);
  }

  async #carryOut(answer: PaidAnswer, host: Host, payment: SeenPayment): Promise<Reply> {
    switch (answer.kind) {
      case "deliver":
        return this.#deliver(answer, host, payment);
      case "ask-again": {
        if (answer.takesMoney) await this.#options.till.take(payment);
        const asking = this.#ask(host, answer.asks, answer.error);
        const receipt = answer.receipt?.(this.#receipt(payment, ""));
        return { ...asking, headers: { ...asking.headers, ...this.#receiptHeader(receipt) } };
      }
      case "fail":
        if (answer.takesMoney) await this.#options.till.take(payment);
        if (answer.afterMs > 0) await delay(answer.afterMs);
        return plain(answer.status, { error: "The shop has a problem of its own." });
      case "hang-up":
        if (answer.takesMoney) await this.#options.till.take(payment);
        if (answer.afterMs > 0) await delay(answer.afterMs);
        return "hang up";
      case "move":
        return this.#movedTo(answer.status);
    }
  }

  async #deliver(
    { receipt, slowly }: Extract<PaidAnswer, { kind: "deliver" }>,
    host: Host,
    payment: SeenPayment,
  ): Promise<Reply> {
    const taken = await this.#options.till.take(payment);
    if (!taken.ok) return this.#asking(host, `The payment could not be settled: ${taken.why}`);
    this.deliveries += 1;
    const honest = this.#receipt(payment, taken.transaction);
    return {
      status: 200,
      headers: {
        "content-type": "application/json",
        ...this.#receiptHeader(receipt === undefined ? honest : receipt(honest)),
      },
      body: this.#options.content,
      ...(slowly === undefined ? {} : { slowly }),
    };
  }

  /** What an honest shop confirms; without a transaction, that there was none. */
  #receipt({ authorization }: SeenPayment, transaction: string): JsonObject {
    const { network } = this.#options.goods;
    const success = transaction !== "";
    return {
      success,
      ...(success ? {} : { errorReason: "invalid_transaction_state" }),
      transaction,
      network: this.#options.protocol === "x402@1" ? (v1NameOf(network) ?? network) : network,
      ...(authorization === undefined ? {} : { payer: authorization.from }),
    };
  }

  #receiptHeader(receipt: Json | { readonly raw: string } | undefined): Record<string, string> {
    if (receipt === undefined) return {};
    const value = isRaw(receipt) ? receipt.raw : encodeBase64Text(JSON.stringify(receipt));
    return { [dialects[this.#options.protocol].receiptHeader]: value };
  }

  #movedTo(status: number): Reply {
    return { status, headers: { location: this.#urlOf("stranger") }, body: "" };
  }

  #record({ host, ...received }: Received, reply: Reply, startedAt: number): void {
    const label = host === "shop" ? "request to the shop" : "request to the other host";
    const answer =
      reply === "hang up"
        ? { kind: "no-answer" as const, why: "the connection was ended", timedOut: false }
        : { kind: "answer" as const, ...reply };
    const { origin } = new URL(this.#urlOf(host));
    this.records.push(recordOf(label, { ...received, origin }, answer, startedAt));
  }
}

function sendsAway({ asks, answers = [] }: Conduct): boolean {
  return asks?.movedWith !== undefined || answers.some(({ kind }) => kind === "move");
}

function plain(status: number, body: Json): Reply {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

function isRaw(receipt: Json | { readonly raw: string }): receipt is { readonly raw: string } {
  return typeof receipt === "object" && receipt !== null && "raw" in receipt;
}

async function send(reply: Exclude<Reply, "hang up">, response: http.ServerResponse): Promise<void> {
  const { status, headers, body } = reply;
  if (reply.slowly) {
    response.writeHead(status, headers);
    const piece = Math.ceil(reply.body.length / 3);
    for (let start = 0; start < reply.body.length; start += piece) {
      response.write(reply.body.slice(start, start + piece));
      await delay(pause);
    }
    response.end();
  } else response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
}
