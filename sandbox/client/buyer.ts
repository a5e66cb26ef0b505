import type { Preference } from "./choose.ts";
import type { Paid } from "./conclude.ts";
import type { Desk } from "./desk.ts";
import { documentFinder } from "./discovery.ts";
import { execute } from "./execute.ts";
import { lookup, type RpcUrls, type Standing } from "./lookup.ts";
import { PaymentError } from "./payment-error.ts";
import type { SpendingPolicy } from "./policy.ts";
import { prepare } from "./prepare.ts";
import type { Passthrough, Prepared, Ready } from "./prepared.ts";
import { type PaymentReceipt, receiptOf } from "./receipt.ts";
import { openPaymentRecords } from "./records.ts";
import type { FullRequest, RequestToPay } from "./request.ts";
import { type ShapeFinder, shapeOf } from "./request-hints.ts";
import type { SignerSources } from "./signer.ts";
import { type ClientSteps, clientSteps } from "./steps.ts";

/** How to buy: who signs, what may be spent, and where it is remembered. */
export interface BuyerOptions extends SpendingPolicy, SignerSources {
  /** What to pay with where the seller takes several; the first that fits an entry wins. */
  readonly preferences?: readonly Preference[] | undefined;
  /** SQLite file of the payments, so that none is made twice over a restart; in memory without it. */
  readonly recordsFile?: string | undefined;
  /** RPC endpoints by network, for `lookup`: `{ "eip155:84532": "http://127.0.0.1:8545" }`. */
  readonly rpcUrls?: RpcUrls | undefined;
  /** Ask the server for `/openapi.json` and `/.well-known/x402` too, for hints about the request's shape. */
  readonly discover?: boolean | undefined;
  /** How often a payment is presented again when its answer was lost. Default 1. */
  readonly resends?: number | undefined;
  /** Milliseconds to wait: for the price 30000, for the paid answer 90000, for the signer 30000 unless told. */
  readonly timeouts?:
    | { readonly ask?: number; readonly answer?: number; readonly signer?: number }
    | undefined;
  /** Sends the requests; the global one unless told. */
  readonly fetch?: typeof fetch | undefined;
  /** The time in Unix seconds; the machine's own unless the chain keeps another. */
  readonly now?: (() => number) | undefined;
}

/** How a purchase ends well; every other end is a `PaymentError`. */
export type PaymentOutcome = Passthrough | Paid;

/** What `fetch` takes, and the key that names the purchase. */
export type PayingInit = RequestInit & Pick<FullRequest, "idempotencyKey">;

/** A `fetch` that pays. */
export type PayingFetch = (input: string | URL | Request, init?: PayingInit) => Promise<Response>;

/** Buys. All purchases of one buyer share its records and budgets. */
export interface Buyer {
  /**
   * Asks what a request costs; signs nothing.
   *
   * @throws PaymentError `request-invalid`, `request-not-replayable`, `network-error`, `redirected`,
   *   `idempotency-conflict`
   */
  prepare(request: RequestToPay): Promise<Prepared>;
  /**
   * Pays for exactly the request that was prepared, without asking again. Called twice, also at the same time, it
   * pays once.
   *
   * @throws PaymentError
   */
  execute(prepared: Ready): Promise<Paid>;
  /**
   * Prepares and executes.
   *
   * @throws PaymentError
   */
  pay(request: RequestToPay): Promise<PaymentOutcome>;
  /** `pay` in the shape of `fetch`: resolves to the paid or free answer, rejects with a `PaymentError`. */
  readonly fetch: PayingFetch;
  /** Whether the chain has seen a payment; takes the receipt of a paid answer or of an error. */
  lookup(receipt: PaymentReceipt): Promise<Standing>;
  /** Receipts of the payments of which it is not known whether the money moved, e.g. after a crash. */
  unresolved(): PaymentReceipt[];
  /** Closes the records. */
  close(): void;
}

/**
 * Opens a buyer.
 *
 * @throws Problem `config` when the records cannot be opened
 *
 * @example
 * const buyer = openBuyer({ signer: privateKeyToAccount(key), maxAmount: 10_000n });
 * const prepared = await buyer.prepare("http://127.0.0.1:4021/weather?city=Rome");
 * if (prepared.kind === "ready") console.log(await (await buyer.execute(prepared)).response.json());
 */
export function openBuyer(options: BuyerOptions, steps: ClientSteps = clientSteps): Buyer {
  const desk = openDesk(options, steps);
  const { records } = desk;
  const once = oncePerPurchase();

  const pay = async (request: RequestToPay): Promise<PaymentOutcome> => {
    const prepared = await prepare(request, desk);
    if (prepared.kind === "unpayable") throw prepared.error;
    return prepared.kind === "ready" ? once(prepared, () => execute(prepared, desk)) : prepared;
  };

  return {
    prepare: (request) => prepare(request, desk),
    execute: (prepared) => once(prepared, () => execute(prepared, desk)),
    pay,
    fetch: async (input, init = {}) => (await pay({ ...init, url: input })).response,
    lookup: desk.lookup,
    unresolved: () =>
      records.unresolved().map((record) => receiptOf(record.payment, record, record.settlement)),
    close: () => records.close(),
  };
}

/**
 * A drop-in for `fetch` that pays: the answer of a request that costs money, bought within the policy.
 *
 * @example
 * const fetch = payingFetch({ signer: privateKeyToAccount(key), maxAmount: 10_000n });
 * const weather = await (await fetch("http://127.0.0.1:4021/weather?city=Rome")).json();
 */
export function payingFetch(options: BuyerOptions, steps: ClientSteps = clientSteps): PayingFetch {
  return openBuyer(options, steps).fetch;
}

const defaultTimeouts = { ask: 30_000, answer: 90_000, signer: 30_000 };
const day = 86_400;

function openDesk(options: BuyerOptions, steps: ClientSteps): Desk {
  const { ask, answer, signer } = { ...defaultTimeouts, ...options.timeouts };
  const { maxPerOrigin, maxPerWindow, rpcUrls = {}, now = unixTime } = options;
  const keepSeconds = maxPerOrigin === undefined ? Math.max(day, maxPerWindow?.seconds ?? 0) : undefined;
  const transport = {
    // Looked up at each call, so that a fetch that is replaced later counts.
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    timeouts: { ask, answer },
  } satisfies Desk["transport"];
  return {
    steps,
    policy: options,
    preferences: options.preferences ?? [],
    signers: options,
    transport,
    signerTimeout: signer,
    resends: options.resends ?? 1,
    records: openPaymentRecords(options.recordsFile, keepSeconds),
    now,
    lookup: (receipt) => lookup(receipt, rpcUrls),
    findShape: shapeFinder(options.discover === true, transport),
  };
}

function shapeFinder(discover: boolean, transport: Desk["transport"]): ShapeFinder {
  const documentsOf = documentFinder(transport);
  return async (request, challenge) =>
    shapeOf(request, challenge, discover ? await documentsOf(new URL(request.url).origin) : {});
}

function unixTime(): number {
  return Math.floor(Date.now() / 1000);
}

/**
 * Lets one execution of a purchase run at a time: who asks for it meanwhile gets the same outcome, with a response
 * of its own to read.
 */
function oncePerPurchase() {
  const running = new Map<string, { readonly fingerprint: string; readonly outcome: Promise<Paid> }>();
  return ({ request }: Ready, start: () => Promise<Paid>): Promise<Paid> => {
    const { idempotencyKey, fingerprint } = request;
    const other = running.get(idempotencyKey);
    if (other === undefined) {
      const outcome = start().finally(() => running.delete(idempotencyKey));
      running.set(idempotencyKey, { fingerprint, outcome });
      // One step later than those who wait for a copy, which has to be made before anybody reads.
      return outcome.then((paid) => paid);
    }
    if (other.fingerprint === fingerprint)
      return other.outcome.then((paid) => ({ ...paid, response: paid.response.clone() }));
    const message = `The idempotency key ${JSON.stringify(idempotencyKey)} is in use by another request.`;
    return Promise.reject(new PaymentError("idempotency-conflict", message));
  };
}
