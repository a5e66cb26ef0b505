import { once } from "node:events";
import * as http from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import type { ExchangeRecord } from "../evidence.ts";
import { recordOf, wallClock } from "../transcript.ts";
import type { Conduct } from "./conduct.ts";
import { Counter, type CounterOptions, type Reply } from "./counter.ts";
import type { Traffic } from "./errand.ts";
import { bodyText, flatHeaders, type Host, paymentsIn, type Received } from "./received.ts";

/** Path and query of what is sold: enough of both to see whether a client keeps them. */
const soldTarget = "/report?city=Z%C3%BCrich&units=a%2Bb";

/** A client that sends more requests than this will send them forever. */
const tooMany = 30;

/** Largest head of a request that is read, in bytes: a payment echoes what it was offered. */
const largestHeader = 1024 * 1024;

/** Pause between the pieces of a slow body, in milliseconds. */
const pause = 100;

/** What is sold there, and whom to tell of trouble. */
export interface StorefrontOptions extends Omit<CounterOptions, "urlOf"> {
  /** What the errand is for: a case, or the honest sale. */
  readonly label: string;
  /** Called when the client sends requests without end. */
  readonly onFlood: () => void;
  /** Called for each request, before it is answered. */
  readonly onRequest: () => void;
}

/**
 * The HTTP server of one errand, on a port of its own, and, where the conduct needs one, a second host. Keeps every
 * request that comes in, also after the errand is over: it stays open until the run is audited.
 */
export class Storefront {
  readonly requests: Received[] = [];
  readonly records: ExchangeRecord[] = [];
  /** What went wrong on our side. */
  readonly faults: unknown[] = [];
  readonly counter: Counter;
  #unanswered = 0;
  readonly #options: StorefrontOptions;
  readonly #servers: http.Server[] = [];
  readonly #urls = new Map<Host, string>();
  #requestsAtTheEnd: number | undefined;

  static async open(options: StorefrontOptions): Promise<Storefront> {
    const storefront = new Storefront(options);
    await storefront.#listen("shop");
    if (sendsAway(options.conduct)) await storefront.#listen("stranger");
    return storefront;
  }

  constructor(options: StorefrontOptions) {
    this.#options = options;
    this.counter = new Counter({ ...options, urlOf: (host) => this.#urlOf(host) });
  }

  /** What the client is sent to. */
  get url(): string {
    return this.#urlOf("shop");
  }

  /** Host and port by which requests name each of the hosts. */
  authorityOf(host: Host): string {
    return new URL(this.#urlOf(host)).host;
  }

  /** What the errand is for. */
  get label(): string {
    return this.#options.label;
  }

  /** What has come in so far. */
  get traffic(): Traffic {
    return { requests: this.requests.length, unanswered: this.#unanswered };
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
      this.#unanswered += 1;
      const gone = new AbortController();
      response.once("close", () => {
        this.#unanswered -= 1;
        gone.abort();
      });
      this.#serve(host, request, response, gone.signal).catch((error) => {
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

  async #serve(
    host: Host,
    request: http.IncomingMessage,
    response: http.ServerResponse,
    gone: AbortSignal,
  ): Promise<void> {
    const { method = "GET", url: target = "/" } = request;
    const at = Date.now();
    const startedAt = wallClock();
    const headers = flatHeaders(request.headers);
    const bytes = await buffer(request).catch(() => undefined);
    // The client went away before its request was whole.
    if (bytes === undefined) return;
    const body = bodyText(bytes);
    const received = { host, at, method, target, headers, body, payments: paymentsIn(headers, at) };
    this.requests.push(received);
    this.#options.onRequest();
    if (this.requests.length === tooMany) this.#options.onFlood();
    const reply = this.requests.length >= tooMany ? "hang up" : await this.counter.replyTo(received, gone);
    this.#record(received, reply, startedAt);
    if (reply === "hang up") response.socket?.destroy();
    else await send(reply, response);
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
  return (
    asks?.movedWith !== undefined ||
    asks?.resourceElsewhere !== undefined ||
    answers.some(({ kind }) => kind === "move")
  );
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
  } else if (reply.breaksOff) {
    response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
    response.write(body.slice(0, body.length / 2), () => response.destroy());
  } else response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
}
