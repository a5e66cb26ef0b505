import { setTimeout as delay } from "node:timers/promises";
import { encodeBase64Text, type Json, type JsonObject, v1NameOf } from "../../oracles/wire/index.ts";
import type { ProtocolId } from "../../requirements/index.ts";
import { dialects } from "../dialect.ts";
import { type Conduct, delivers, type PaidAnswer } from "./conduct.ts";
import { type AskingAnswer, ask, type Demand, type Goods } from "./demand.ts";
import { chargeOf } from "./permits.ts";
import { boundsOf, type Host, type Received, type SeenPayment } from "./received.ts";
import type { Till } from "./till.ts";

/** What is sold, how, and for how much. */
export interface CounterOptions {
  readonly protocol: ProtocolId;
  readonly goods: Omit<Goods, "url">;
  readonly content: string;
  readonly conduct: Conduct;
  readonly till: Till;
  /** Longest that the shop says nothing where it is to stay silent, in milliseconds. */
  readonly silenceMs: number;
  /** What the client is sent to at each host. */
  readonly urlOf: (host: Host) => string;
}

/** One answer, ready to be sent, or a connection that ends without one. */
export type Reply =
  | {
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      readonly slowly?: true;
      readonly breaksOff?: true;
    }
  | "hang up";

/** The code of a payment by Permit2 for which the payer has given no allowance. */
export const allowanceRequired = "PERMIT2_ALLOWANCE_REQUIRED";

/** Taken of what costs nothing. */
const nothing = { ok: true, transaction: "" } as const;

/** Where a shop asks for money, takes it and hands over what was bought, all as its conduct says. */
export class Counter {
  /** Every entry that was offered. */
  readonly offered: JsonObject[] = [];
  /** Every message that was sent to ask for money. */
  readonly challenges: Json[] = [];
  /** Why payments were refused that the conduct would have taken. */
  readonly refusals: string[] = [];
  deliveries = 0;
  readonly #options: CounterOptions;
  #paidRequests = 0;
  #looks = 0;

  constructor(options: CounterOptions) {
    this.#options = options;
  }

  /** Answers one request, for as long as the client has not `gone`. */
  async replyTo(received: Received, gone: AbortSignal): Promise<Reply> {
    if (URL.parse(received.target, "http://shop")?.pathname !== "/report")
      return plain(404, { error: "There is nothing here." });
    const [payment] = received.payments;
    if (payment === undefined) return this.#meet(received.host);
    const examined = await this.#options.till.examine(payment, this.offered);
    if (examined.ok) return this.#answer(received.host, payment, gone);
    this.refusals.push(examined.why);
    return examined.lacksAllowance
      ? this.#askingForAllowance(received.host)
      : this.#asking(received.host, examined.why);
  }

  /** Answers a payment for which Permit2 has no allowance (exact on EVM, §2, phase 3). */
  #askingForAllowance(host: Host): Reply {
    const { withoutAllowance: status = 412 } = this.#options.conduct;
    const error = status === 412 ? allowanceRequired : allowanceRequired.toLowerCase();
    const { headers } = this.#ask(host, this.#options.conduct.asks ?? {}, error);
    return { status, headers, body: JSON.stringify({ error }) };
  }

  /** Answers a request without a payment. */
  #meet(host: Host): Reply {
    const { asks = {}, asksLater = asks } = this.#options.conduct;
    if (asks.movedWith !== undefined && host === "shop") return this.#movedTo("stranger", asks.movedWith);
    this.#looks += 1;
    const demand = this.#looks === 1 ? asks : asksLater;
    return this.#asking(host, "Payment required", host === "shop" ? demand : {});
  }

  /** The other host asks honestly, whatever the shop does. */
  #asking(host: Host, error: string, demand = host === "shop" ? this.#options.conduct.asks : {}): Reply {
    const { status, headers, body } = this.#ask(host, demand ?? {}, error);
    return { status, headers, body };
  }

  #ask(host: Host, demand: Demand, error: string): AskingAnswer {
    const place = demand.resourceElsewhere === undefined ? host : "stranger";
    const goods = { ...this.#options.goods, url: this.#options.urlOf(place) };
    const asking = ask(this.#options.protocol, goods, demand, error);
    this.offered.push(...asking.entries);
    this.challenges.push(asking.challenge);
    return asking;
  }

  /** Answers a request with a valid payment. */
  async #answer(host: Host, payment: SeenPayment, gone: AbortSignal): Promise<Reply> {
    const { answers = [] } = this.#options.conduct;
    const answer = answers[Math.min(this.#paidRequests, answers.length - 1)];
    this.#paidRequests += 1;
    return this.#carryOut(host === "shop" && answer !== undefined ? answer : delivers(), host, payment, gone);
  }

  async #carryOut(answer: PaidAnswer, host: Host, payment: SeenPayment, gone: AbortSignal): Promise<Reply> {
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
        return this.#fail(answer, payment);
      case "hang-up":
        if (answer.takesMoney) await this.#options.till.take(payment);
        return "hang up";
      case "silence":
        if (answer.takesMoney) await this.#options.till.take(payment);
        await delay(this.#options.silenceMs, undefined, { signal: gone }).catch(() => undefined);
        return "hang up";
      case "move":
        if (answer.takesMoney) await this.#options.till.take(payment);
        return this.#movedTo(answer.to, answer.status);
    }
  }

  async #fail(
    { status, takesMoney, afterMs, hasReceipt }: Extract<PaidAnswer, { kind: "fail" }>,
    payment: SeenPayment,
  ): Promise<Reply> {
    const taken = takesMoney ? await this.#options.till.take(payment) : undefined;
    if (afterMs > 0) await delay(afterMs);
    const failed = plain(status, { error: "The shop has a problem of its own." });
    if (!hasReceipt || taken?.ok !== true) return failed;
    const receipt = this.#receiptHeader(this.#receipt(payment, taken.transaction));
    return { ...failed, headers: { ...failed.headers, ...receipt } };
  }

  async #deliver(
    { receipt, free, slowly, breaksOff, status = 200 }: Extract<PaidAnswer, { kind: "deliver" }>,
    host: Host,
    payment: SeenPayment,
  ): Promise<Reply> {
    const taken = free ? nothing : await this.#options.till.take(payment);
    if (!taken.ok) {
      this.refusals.push(taken.why);
      return this.#asking(host, `The payment could not be settled: ${taken.why}`);
    }
    this.deliveries += 1;
    const honest = free
      ? { ...this.#confirmation(payment), transaction: "", amount: "0" }
      : this.#receipt(payment, taken.transaction);
    return {
      status,
      headers: {
        "content-type": "application/json",
        ...this.#receiptHeader(receipt === undefined ? honest : receipt(honest)),
      },
      body: this.#options.content,
      ...(slowly === undefined ? {} : { slowly }),
      ...(breaksOff === undefined ? {} : { breaksOff }),
    };
  }

  /** What an honest shop confirms; without a transaction, that there was none. */
  #receipt(payment: SeenPayment, transaction: string): JsonObject {
    const bounds = boundsOf(payment);
    const success = transaction !== "";
    return {
      ...this.#confirmation(payment),
      success,
      ...(success ? {} : { errorReason: "invalid_transaction_state" }),
      transaction,
      ...(success && bounds !== undefined && this.#options.conduct.byPermit2 === "upto"
        ? { amount: String(chargeOf("upto", bounds.value)) }
        : {}),
    };
  }

  /** What every receipt of a sale says. */
  #confirmation(payment: SeenPayment): JsonObject {
    const bounds = boundsOf(payment);
    const { network } = this.#options.goods;
    return {
      success: true,
      network: this.#options.protocol === "x402@1" ? (v1NameOf(network) ?? network) : network,
      ...(bounds === undefined ? {} : { payer: bounds.from }),
    };
  }

  #receiptHeader(receipt: Json | { readonly raw: string } | undefined): Record<string, string> {
    if (receipt === undefined) return {};
    const value = isRaw(receipt) ? receipt.raw : encodeBase64Text(JSON.stringify(receipt));
    return { [dialects[this.#options.protocol].receiptHeader]: value };
  }

  #movedTo(host: Host, status: number): Reply {
    const location = `${this.#options.urlOf(host)}${host === "shop" ? "&moved=1" : ""}`;
    return { status, headers: { location }, body: "" };
  }
}

function plain(status: number, body: Json): Exclude<Reply, "hang up"> {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

function isRaw(receipt: Json | { readonly raw: string }): receipt is { readonly raw: string } {
  return typeof receipt === "object" && receipt !== null && "raw" in receipt;
}
