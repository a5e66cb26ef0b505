import type { LocalAccount } from "viem";
import { derivePayer, keyAccount, type LedgerPoint, type Transfer } from "#sandbox";
import type { PermitScheme } from "../../oracles/permit2.ts";
import type { WireRequest } from "../../oracles/wire/index.ts";
import type { ProtocolId } from "../../requirements/index.ts";
import type { Actor } from "../case.ts";
import type { Evidence, PayerAccount } from "../evidence.ts";
import { Exchange } from "../exchange.ts";
import { Finding, NotApplicable, Unproven } from "../finding.ts";
import { type Breakage, bitesAfterSending, faultReached } from "./breakage.ts";
import { BuyerAccount } from "./buyer-account.ts";
import type { FacilitatorContext } from "./context.ts";
import { Correspondence, type Endpoint, NoAnswerInTime } from "./correspondence.ts";
import { makeOrder, type Order, type OrderChange } from "./order.ts";
import { type AnyOrder, makePermitOrder, type PermitChange, type PermitOrder } from "./permit-order.ts";
import type { Reply } from "./reply.ts";
import { makeSponsoredOrder, type SponsoredChange, type SponsoredOrder } from "./sponsored-order.ts";

/** USDC that the payer of each case starts with, in atomic units. */
const startingFunds = 1_000_000_000n;

/**
 * The seller of one case, who has a facilitator verify and settle what its buyer pays, and holds the buyer's key, too.
 * `t` in every case of the facilitator suite.
 */
export class Merchant extends BuyerAccount implements Actor {
  readonly #protocol: ProtocolId;
  readonly #correspondence: Correspondence;
  #lastOrder: AnyOrder | undefined;
  /** Resolves when the transaction of the settlement that is under way was sent; known only by a fault that bites it. */
  #transactionSent: (() => Promise<void>) | undefined;

  /** Opens a seller whose buyer is derived from the run's seed and `label`, and funds the buyer. */
  static async open(context: FacilitatorContext, label: string, protocol: ProtocolId): Promise<Merchant> {
    const payer = keyAccount(derivePayer(context.seed, label).privateKey);
    const since = await context.ledger.now();
    await context.admin.fund([payer.address], startingFunds);
    return new Merchant(context, payer, since, protocol);
  }

  constructor(context: FacilitatorContext, payer: LocalAccount, since: LedgerPoint, protocol: ProtocolId) {
    super(context, payer);
    this.#correspondence = new Correspondence(context, payer.address, since);
    this.#protocol = protocol;
  }

  /** The order that was presented last. */
  get lastOrder(): AnyOrder {
    if (this.#lastOrder === undefined)
      throw new Error("The case asks for the last order before it made one.");
    return this.#lastOrder;
  }

  /** Whether it presented any order. */
  get hasOrdered(): boolean {
    return this.#lastOrder !== undefined;
  }

  /**
   * Makes an order by EIP-3009 without presenting it; in another version than the case's where one is given.
   *
   * @throws NotApplicable when the facilitator offers no payments by EIP-3009
   */
  async order(change: OrderChange = {}, protocol: ProtocolId = this.#protocol): Promise<Order> {
    if (protocol === "x402@2" && !(await this.context.offersAuthorizations()))
      throw new NotApplicable("/supported lists no exact for this chain, only upto.");
    return makeOrder(this.context, this.payer, protocol, change);
  }

  /** Makes an order that is paid by Permit2, which may take all that the payer has, without presenting it. */
  async permitOrder(scheme: PermitScheme, change: PermitChange = {}): Promise<PermitOrder> {
    await this.allowPermit2();
    const facilitator = await this.context.settler();
    return makePermitOrder(this.context, { scheme, payer: this.payer, facilitator }, change);
  }

  /** Makes an order by Permit2 that brings its allowance, where the payer has given none, without presenting it. */
  async sponsoredOrder(scheme: PermitScheme, change: SponsoredChange = {}): Promise<SponsoredOrder> {
    const facilitator = await this.context.settler();
    return makeSponsoredOrder(this.context, { scheme, payer: this.payer, facilitator }, change);
  }

  /** Has a new order verified. */
  verify(change: OrderChange = {}): Exchange<Reply> {
    return new Exchange(async () => this.#present("verify", await this.order(change)));
  }

  /** Has a new order settled, without having it verified before. */
  settle(change: OrderChange = {}): Exchange<Reply> {
    return new Exchange(async () => this.#present("settle", await this.order(change)));
  }

  /** Presents a new order that is paid by Permit2. */
  permit(endpoint: Endpoint, scheme: PermitScheme, change: PermitChange = {}): Exchange<Reply> {
    return new Exchange(async () => this.#present(endpoint, await this.permitOrder(scheme, change)));
  }

  /** Presents a new order by Permit2 that brings its allowance. */
  sponsored(endpoint: Endpoint, scheme: PermitScheme, change: SponsoredChange = {}): Exchange<Reply> {
    return new Exchange(async () => this.#present(endpoint, await this.sponsoredOrder(scheme, change)));
  }

  /** Presents an order that was made before; to settle it, when no other case does. */
  present(endpoint: Endpoint, order: AnyOrder): Exchange<Reply> {
    return new Exchange(() => this.#present(endpoint, order));
  }

  /** Has orders settled, all at once. A call without an answer counts as one that settled nothing. */
  settleTogether(orders: readonly AnyOrder[]): Exchange<readonly Reply[]> {
    return this.settleBesides(orders.map((order) => [this, order]));
  }

  /** {@link Merchant.settleTogether}, each order by the seller that made it. */
  settleBesides(orders: readonly (readonly [Merchant, AnyOrder])[]): Exchange<readonly Reply[]> {
    return new Exchange(() => this.context.inTurn(() => Merchant.#askTogether("settle", orders)));
  }

  /** Has orders verified, all at once, each by the seller that made it. A call without an answer is left out. */
  verifyBesides(orders: readonly (readonly [Merchant, AnyOrder])[]): Exchange<readonly Reply[]> {
    return new Exchange(() => Merchant.#askTogether("verify", orders));
  }

  /** `POST` with a body of the case's own making: text goes out as it is. */
  post(endpoint: Endpoint, body: string, headers: WireRequest["headers"] = {}): Exchange<Reply> {
    return new Exchange(() => this.#correspondence.post(endpoint, body, headers));
  }

  /** `GET` of a path. */
  get(path: string): Exchange<Reply> {
    return new Exchange(() => this.#correspondence.get(path));
  }

  /** Somebody else spends an order's authorization on chain. */
  async spendOnChain({ authorization, signature }: Order): Promise<void> {
    this.#correspondence.excuse(1);
    await this.context.onChain.spend(authorization, signature);
  }

  /** Makes a call that a facilitator may answer later than the run allows: waiting for the chain breaks no rule. */
  async unlessItWaits<O>(call: Exchange<O>): Promise<O> {
    try {
      return await call.done();
    } catch (error) {
      if (!(error instanceof NoAnswerInTime)) throw error;
      throw new NotApplicable(`The facilitator may still wait for the chain. ${error.message}`);
    }
  }

  /** Makes a call while something is broken, and mends it. A fault that was never reached judges nobody. */
  async whileBroken<O>({ debits = 0, undoes, forAll, ...fault }: Breakage, call: Exchange<O>): Promise<O> {
    const { admin } = this.context;
    this.#correspondence.excuse(debits);
    this.#correspondence.suffers(fault.name);
    const reportedBefore = this.#correspondence.reportedSoFar();
    const id = await admin.addFault({ ...fault, ...(forAll ? {} : { payer: this.payer.address }) });
    const end = new AbortController();
    if (bitesAfterSending(fault.name)) this.#transactionSent = () => faultReached(admin, id, end.signal);
    const wasReached = async () => {
      if ((await admin.faultReached(id)) > 0) return;
      throw new NotApplicable(`The facilitator did not make the call that the fault ${fault.name} bites.`);
    };
    try {
      return await this.unlessItWaits(call.given(wasReached));
    } finally {
      this.#transactionSent = undefined;
      end.abort();
      await admin.removeFault(id);
      if (undoes) this.#correspondence.takeBack(reportedBefore);
    }
  }

  /** Makes a call while several things are broken at once. */
  whileAllBroken([first, ...others]: readonly Breakage[], call: Exchange<Reply>): Promise<Reply> {
    if (first === undefined) return call.done();
    return this.whileBroken(first, new Exchange(() => this.whileAllBroken(others, call)));
  }

  /** Runs a script that may leave the facilitator's account in disorder, and restarts the facilitator after it. */
  async andRestart(script: () => Promise<unknown>): Promise<void> {
    try {
      await script();
    } finally {
      await this.restart();
    }
  }

  /** Every transfer of the payer's since the case began, as the chain has them now. */
  transfers(): Promise<readonly Transfer[]> {
    return this.#correspondence.transfers();
  }

  /** How many orders were reported as settled by a transaction. */
  settledBy(transaction: string): number {
    return this.#correspondence.settledBy(transaction);
  }

  /** The seller of another buyer. */
  another(): Promise<Merchant> {
    return Merchant.open(this.context, `another than ${this.payer.address}`, this.#protocol);
  }

  /** Ends the facilitator and starts it again. */
  async restart(): Promise<void> {
    const { restartUrl } = this.context.subject;
    if (restartUrl === undefined) throw new NotApplicable("The suite did not start the facilitator.");
    const response = await fetch(restartUrl, { method: "POST" });
    if (response.status === 409) throw new NotApplicable(await response.text());
    if (!response.ok)
      throw new Unproven(`The facilitator did not come back after a restart: ${await response.text()}`);
  }

  evidence(): Promise<Evidence> {
    return this.#correspondence.evidence();
  }

  /** What was reported as settled and what moved, for the audit at the end of the run. */
  account(): Promise<PayerAccount> {
    return this.#correspondence.account();
  }

  #present(endpoint: Endpoint, order: AnyOrder): Promise<Reply> {
    const ask = () => this.#ask(endpoint, order);
    return endpoint === "settle" ? this.context.inTurn(ask, this.#transactionSent) : ask();
  }

  /** Presents orders, all at once, each by the seller that made it. */
  static async #askTogether(
    endpoint: Endpoint,
    orders: readonly (readonly [Merchant, AnyOrder])[],
  ): Promise<readonly Reply[]> {
    const attempts = await Promise.all(
      orders.map(([seller, order]) => seller.#ask(endpoint, order).catch(unanswered)),
    );
    const replies = attempts.filter((reply) => reply !== undefined);
    if (replies.length === 0) throw new Unproven(`None of ${orders.length} calls at once got an answer.`);
    return replies;
  }

  #ask(endpoint: Endpoint, order: AnyOrder): Promise<Reply> {
    this.#lastOrder = order;
    return this.#correspondence.ask(endpoint, order);
  }
}

/** Lets pass that a call got no answer; a fault of the suite stays one. */
function unanswered(error: unknown): undefined {
  if (!(error instanceof Finding || error instanceof Unproven)) throw error;
}
