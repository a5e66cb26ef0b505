import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { type Address, getAddress } from "viem";
import {
  type Buyer,
  type ClientSteps,
  clientSteps,
  type Network,
  openBuyer,
  PaymentError,
  type PaymentErrorCode,
  paymentErrors,
} from "#sandbox";
import type { Books } from "./books.ts";
import { BuyerRelay } from "./buyer-relay.ts";
import { deadlineIn } from "./deadline.ts";
import type { Latencies } from "./latencies.ts";
import type { NamedPayer } from "./payers.ts";

/** What is bought: one request, again and again. */
export interface PaidRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/** How one purchase ended. */
export interface Ending {
  readonly kind: keyof typeof endings | PaymentErrorCode;
  /** What was wrong, in a sentence. */
  readonly detail?: string | undefined;
}

/** The ends of a purchase that are no `PaymentError`, and what they mean. */
const endings = {
  delivered: "paid, and the goods came to their last byte",
  challenged: "asked for its price, as --unpaid wants it",
  free: "the goods came without a price",
  "no-price": "neither a price nor goods",
  "broken-off": "paid, and the goods broke off",
  "out-of-time": "not done in time, and not paid",
} as const;

/** What all agents of a run share. */
export interface Trade {
  readonly request: PaidRequest;
  readonly latencies: Latencies;
  /** Without books nothing is paid: agents only ask for the price. */
  readonly books?: Books | undefined;
  /** Longest that one attempt of a purchase may take, in milliseconds. */
  readonly timeoutMs: number;
  /** How often the same payment is presented again where its error says that this helps. */
  readonly repeats: number;
  /** Aborted when nothing is waited for any more. */
  readonly abandoned: AbortSignal;
  /** Where to pay, CAIP-2; nowhere else. */
  readonly network?: Network | undefined;
  /** Seconds that the chain's clock is ahead of this machine's. */
  readonly clockAhead?: number;
}

/** A buyer with a name and a payer of its own. */
export interface Agent {
  readonly name: string;
  readonly payer: Address;
  /** Buys once, and says how it ended; `due` is the moment from which it counts (`performance.now()`). */
  buy(due: number): Promise<Ending>;
  close(): void;
}

/** Sandbox money is play money: whatever the seller asks is paid. */
const anyAmount = 2n ** 255n;

/** How long an agent waits before it presents a payment again, in milliseconds. */
const beforeRepetition = 500;

/** Purchases after which an agent takes a new book of records: it remembers each, and a run may have millions. */
const purchasesPerBuyer = 1_000;

/** An agent that pays from `account`. */
export function openAgent({ name, account }: NamedPayer, trade: Trade): Agent {
  const { request, latencies, books, abandoned, network, clockAhead = 0, timeoutMs, repeats } = trade;
  const presented = new Map<string, number>();
  const steps = timedSteps(trade, presented);
  const open = () =>
    openBuyer(
      {
        signer: account,
        maxAmount: anyAmount,
        ...(network === undefined ? { allowedAssets: "any" } : { allowedNetworks: [network] }),
        timeouts: { ask: timeoutMs, answer: timeoutMs },
        now: () => Math.floor(Date.now() / 1_000) + clockAhead,
      },
      steps,
    );
  const buyers = new BuyerRelay(open, purchasesPerBuyer);

  const pay = async (buyer: Buyer, idempotencyKey: string, signal: AbortSignal): Promise<Ending> => {
    const prepared = await buyer.prepare({ ...request, body: request.body ?? null, idempotencyKey, signal });
    if (prepared.kind === "unpayable") throw prepared.error;
    if (prepared.kind === "passthrough") return unpriced(prepared.response);
    if (books === undefined) return { kind: "challenged" };
    const { response, receipt } = await buyer.execute(prepared);
    const broken = await brokenOff(response);
    const settled = receipt.settlement?.success === true;
    const delivered = broken === undefined;
    const outcome = broken ?? "delivered";
    books.concluded(receipt, { outcome, delivered, receipt: settled, inDoubt: !delivered });
    return delivered ? { kind: "delivered" } : { kind: "broken-off", detail: broken };
  };

  const conclude = ({ code, receipt, moneyMoved, message }: PaymentError): Ending => {
    if (receipt !== undefined) {
      const settled = receipt.settlement?.success === true;
      const inDoubt = moneyMoved === "maybe";
      books?.concluded(receipt, { outcome: message, delivered: false, receipt: settled, inDoubt });
    }
    return { kind: code, detail: message };
  };

  const buy = async (buyer: Buyer, idempotencyKey: string): Promise<Ending> => {
    for (let repeated = 0; ; repeated += 1) {
      const { signal, clear } = deadlineIn(timeoutMs, abandoned);
      try {
        return await pay(buyer, idempotencyKey, signal);
      } catch (error) {
        if (!(error instanceof PaymentError)) {
          if (signal.aborted) return { kind: "out-of-time", detail: String(error) };
          throw error;
        }
        const ending = conclude(error);
        const isWorthIt = paymentErrors[error.code].action === "repeat-with-same-key";
        if (!isWorthIt || repeated >= repeats || !(await waited(abandoned))) return ending;
      } finally {
        clear();
      }
    }
  };

  return {
    name,
    payer: account.address,
    buy: (due) =>
      buyers.use(async (buyer) => {
        latencies.record("wait", performance.now() - due);
        // Sellers may know payments by it, also those of earlier runs.
        const idempotencyKey = randomUUID();
        const ending = await buy(buyer, idempotencyKey);
        const ended = performance.now();
        const presentedAt = presented.get(idempotencyKey);
        presented.delete(idempotencyKey);
        if (isGood(ending)) {
          if (presentedAt !== undefined) latencies.record("answer", ended - presentedAt);
          latencies.record("loop", ended - due);
        }
        return ending;
      }),
    close: () => buyers.close(),
  };
}

/** Waits a moment before a repetition; `false` when it was called off. */
function waited(signal: AbortSignal): Promise<boolean> {
  return delay(beforeRepetition, true, { signal }).catch(() => false);
}

/** Whether a purchase came to what it was meant to. */
export function isGood({ kind }: Ending): boolean {
  return kind === "delivered" || kind === "challenged";
}

/** The client's steps, timed, and each payment noted in the books before it leaves. */
function timedSteps({ latencies, books }: Trade, presented: Map<string, number>): ClientSteps {
  return {
    ...clientSteps,
    ask: async (...args) => {
      const started = performance.now();
      const asked = await clientSteps.ask(...args);
      if (asked.response.status === 402) latencies.record("challenge", performance.now() - started);
      return asked;
    },
    sign: async (...args) => {
      const started = performance.now();
      const signature = await clientSteps.sign(...args);
      latencies.record("sign", performance.now() - started);
      return signature;
    },
    present: (request, payment, ...rest) => {
      const { idempotencyKey } = request;
      const { from, to, value, nonce } = payment.authorization;
      if (!presented.has(idempotencyKey)) {
        presented.set(idempotencyKey, performance.now());
        books?.signed({ payer: from, payTo: getAddress(to), amount: BigInt(value), nonce });
      }
      return clientSteps.present(request, payment, ...rest);
    },
  };
}

async function unpriced(response: Response): Promise<Ending> {
  const broken = await brokenOff(response);
  if (response.ok && broken === undefined) return { kind: "free", detail: `status ${response.status}` };
  return { kind: "no-price", detail: broken ?? `status ${response.status}` };
}

/** Reads the whole body; why it broke off, if it did. */
async function brokenOff(response: Response): Promise<string | undefined> {
  try {
    for await (const _piece of response.body ?? []);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
