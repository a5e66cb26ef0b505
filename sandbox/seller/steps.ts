import type { FacilitatorRequest } from "../protocol/index.ts";
import type { Answer, Awaitable, Exchange, Goods, Offer, PricedExchange } from "./exchange.ts";
import type { Settlement } from "./facilitator-client.ts";
import type { Work } from "./route.ts";
import { challenge } from "./steps/challenge.ts";
import { charge } from "./steps/charge.ts";
import { type Claimed, claim } from "./steps/claim.ts";
import { type Decoded, decode, type Payment } from "./steps/decode.ts";
import { type Handled, handle } from "./steps/handle.ts";
import { type Inquired, inquire } from "./steps/inquire.ts";
import { type Matched, match } from "./steps/match.ts";
import { offer } from "./steps/offer.ts";
import { type Refusal, refuse } from "./steps/refuse.ts";
import { respond } from "./steps/respond.ts";
import { settle } from "./steps/settle.ts";
import { type Validated, validate } from "./steps/validate.ts";
import { type Verified, verify } from "./steps/verify.ts";

/** The steps of a sale, in the order in which `serve` takes them. A seller that differs in one replaces that one. */
export interface SellerSteps {
  /** Is the request itself in order? */
  readonly validate: (exchange: Exchange) => Awaitable<Validated>;
  /** Does the offer need something that the facilitator has to tell? */
  readonly inquire: (exchange: Exchange) => Awaitable<Inquired>;
  /** What does it cost? */
  readonly offer: (exchange: Exchange) => Awaitable<Offer | undefined>;
  /** What payment came with it? */
  readonly decode: (exchange: PricedExchange) => Awaitable<Decoded>;
  /** None: ask for one. */
  readonly challenge: (exchange: Exchange, offer: Offer) => Awaitable<Answer>;
  /** Was the payment made for this offer? */
  readonly match: (exchange: Exchange, offer: Offer, payment: Payment) => Awaitable<Matched>;
  /** Is it used elsewhere? */
  readonly claim: (exchange: Exchange, offer: Offer, payment: Payment) => Awaitable<Claimed>;
  /** Is it good? */
  readonly verify: (exchange: Exchange, order: FacilitatorRequest) => Awaitable<Verified>;
  /** Do the work. */
  readonly handle: (exchange: Exchange, work: Work) => Awaitable<Handled>;
  /** What does it cost in the end? */
  readonly charge: (
    exchange: Exchange,
    order: FacilitatorRequest,
    goods: Goods,
  ) => Awaitable<FacilitatorRequest>;
  /** Take the money. */
  readonly settle: (exchange: Exchange, order: FacilitatorRequest) => Awaitable<Settlement>;
  /** Hand over the goods, or say that the money did not move. */
  readonly respond: (exchange: PricedExchange, goods: Goods, settlement: Settlement) => Awaitable<Answer>;
  /** Answers a payment that decode, match, claim or verify did not take. */
  readonly refuse: (exchange: Exchange, offer: Offer, refusal: Refusal) => Awaitable<Answer>;
}

/** The reference's own steps. */
export const sellerSteps: SellerSteps = {
  validate,
  inquire,
  offer,
  decode,
  challenge,
  match,
  claim,
  verify,
  handle,
  charge,
  settle,
  respond,
  refuse,
};
