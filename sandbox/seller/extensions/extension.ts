import type { SettleResponse } from "../../protocol/index.ts";
import type { Answer, Awaitable, PricedExchange } from "../exchange.ts";
import type { Payment } from "../steps/decode.ts";

/** An entry of `extensions`: `info`, the JSON Schema that describes it, and what else the extension puts beside them. */
export interface ExtensionEntry {
  readonly info: Readonly<Record<string, unknown>>;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly [beside: string]: unknown;
}

/** Whether a request that brings no payment may come in all the same. */
export type Admission =
  | { readonly kind: "admitted" }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "not-asked" };

/** Something that a seller does beyond the sale itself (x402 v2 §5.1.2). It may stand in at each of these moments. */
export interface SellerExtension {
  /** Its key in `extensions`. */
  readonly key: string;
  /** Headers, beside the payment's, by which buyers use it. */
  readonly headers?: readonly string[];
  /**
   * What challenges say of it: always the same for the same request, so that a payment's echo can be held against it.
   * `undefined` where it is not offered.
   */
  describe(exchange: PricedExchange): ExtensionEntry | undefined;
  /** Fields of `info` that are made anew for each challenge. */
  renew?(exchange: PricedExchange): Awaitable<ExtensionEntry["info"]>;
  /** An unpaid request: may it come in without paying? */
  admit?(exchange: PricedExchange): Awaitable<Admission>;
  /** A payment that fits the offer: why its form is refused, if it is. */
  examine?(exchange: PricedExchange, payment: Payment): string | undefined;
  /** Stands around the sale; `sell` makes it. */
  sellOnce?(exchange: PricedExchange, payment: Payment, sell: () => Promise<Answer>): Promise<Answer>;
  /** The money has moved: what the receipt says of it, if anything. */
  settled?(exchange: PricedExchange, receipt: SettleResponse): Awaitable<ExtensionEntry | undefined>;
}
