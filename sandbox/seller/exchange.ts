import type { Address } from "viem";
import type { HeaderMap, Network, PaymentRequirements, ResourceInfo } from "../protocol/index.ts";
import type { BodyStream } from "./body-stream.ts";
import type { ClaimBook } from "./claim-book.ts";
import type { SellerExtension } from "./extensions/index.ts";
import type { FacilitatorClient } from "./facilitator-client.ts";
import type { SellerProtocol } from "./protocols.ts";
import type { Route } from "./route.ts";

/** A value, or the promise of one. */
export type Awaitable<T> = T | Promise<T>;

/** One request and everything that a step may know besides its own input. */
export interface Exchange {
  readonly route: Route;
  readonly request: SellerRequest;
  readonly seller: Seller;
  /** Of a route that is paid `upto`: the account that the facilitator settles with. */
  readonly settler?: Address;
}

/** An exchange from the moment that its price is known. */
export interface PricedExchange extends Exchange {
  readonly offer: Offer;
}

/** A request as it arrived. */
export interface SellerRequest {
  readonly method: string;
  /** The absolute URL that was asked for, with its query. */
  readonly url: string;
  readonly headers: HeaderMap;
  readonly params: unknown;
  readonly query: unknown;
  /** The body's bytes, not parsed. */
  readonly body: Uint8Array | undefined;
}

/** What all exchanges of one seller share. */
export interface Seller {
  readonly terms: PaymentTerms;
  /** The versions of x402 that buyers may speak, newest first. */
  readonly protocols: readonly [SellerProtocol, ...SellerProtocol[]];
  readonly facilitator: FacilitatorClient;
  readonly claims: ClaimBook;
  /** Where buyers reach it, by its own knowledge and not by what a request says, e.g. `https://api.example.com`. */
  readonly origin: () => string;
  /** What it does beyond the sale itself. */
  readonly extensions: readonly SellerExtension[];
  readonly onWork: ((work: PaidWork) => Awaitable<void>) | undefined;
  readonly log: SellerLog;
}

/** Where the money goes, and in which token. `domain` is the token's EIP-712 name and version (x402 v2 §6.1). */
export interface PaymentTerms {
  readonly payTo: Address;
  readonly network: Network;
  readonly asset: Address;
  readonly domain: { readonly name: string; readonly version: string };
}

/** The sign that a paid handler ran. */
export interface PaidWork {
  /** e.g. `GET /weather` */
  readonly route: string;
  /** The absolute URL that was asked for. */
  readonly url: string;
  /** The request's X-Request-Id, by which the buyer recognizes it. */
  readonly requestId?: string | undefined;
}

/** What the seller writes to a log; any pino logger fits. */
export interface SellerLog {
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** An answer, ready to be sent. */
export interface Answer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | BodyStream;
}

/** What the handler made, and where the price was a bound, what it charges, in atomic units. */
export interface Goods extends Answer {
  readonly charge?: bigint;
}

/** What this request costs, and what is sold. */
export interface Offer {
  readonly resource: ResourceInfo;
  readonly requirements: PaymentRequirements;
  /** Digest of the request that the offer was made for. */
  readonly requestHash: string;
}

/** A JSON answer. */
export function jsonAnswer(status: number, body: unknown): Answer {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify(body),
  };
}
