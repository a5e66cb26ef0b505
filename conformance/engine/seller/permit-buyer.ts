import { type Address, maxUint256 } from "viem";
import { permit2Address } from "../../oracles/permit2.ts";
import { Exchange } from "../exchange.ts";
import { NotApplicable } from "../finding.ts";
import { Buyer } from "./buyer.ts";
import type { Observed } from "./observed.ts";
import { makePermitPayment, type PermitChange, type PermitPayment } from "./permit-payment.ts";
import { type ApiRequest, remedies } from "./request.ts";
import type { PermitMethod } from "./terms.ts";

/** A {@link Buyer} that also pays by Permit2: `exact`, or `upto`. */
export class PermitBuyer extends Buyer {
  #lastPermit: PermitPayment | undefined;
  #allowance: Promise<void> | undefined;

  /** The payment by Permit2 that was sent last. */
  get lastPermit(): PermitPayment {
    if (this.#lastPermit === undefined)
      throw new Error("The case asks for the last permit before it paid by one.");
    return this.#lastPermit;
  }

  /** The request of the subject's API that is paid so; the case names the method in `needs`. */
  async permitRequest(method: PermitMethod): Promise<ApiRequest> {
    const [request] = await this.context.permitRequests(method);
    if (request === undefined) throw new NotApplicable(remedies[method]);
    return request;
  }

  /** Buys by Permit2, like {@link Buyer.buy}. */
  buyByPermit(method: PermitMethod, change: PermitChange = {}, request?: ApiRequest): Exchange<Observed> {
    return new Exchange(async () => {
      const wanted = request ?? (await this.permitRequest(method));
      const payment = await this.preparePermit(method, change, wanted);
      this.#lastPermit = payment;
      return this.sendPaid("pay", wanted, payment);
    });
  }

  /** Buys by Permit2, like {@link Buyer.buyWatching}. */
  buyByPermitWatching(method: PermitMethod, request: ApiRequest): Exchange<Observed> {
    return this.sendWatching(request, () => this.preparePermit(method, {}, request));
  }

  /** Makes a payment by Permit2 without sending it. */
  async preparePermit(
    method: PermitMethod,
    change: PermitChange = {},
    request?: ApiRequest,
  ): Promise<PermitPayment> {
    const wanted = request ?? (await this.permitRequest(method));
    const [challenge] = await Promise.all([this.challengeOf(wanted, this.dialect), this.#allowOnce()]);
    return makePermitPayment(this.context, this.payer, challenge, this.dialect, method, change);
  }

  /** Sets what Permit2 may take out of the payer's account, in atomic units of the asset. */
  allowPermit2(amount: bigint): Promise<void> {
    this.#allowance = this.context.onChain.allow(this.payer, permit2Address, amount);
    return this.#allowance;
  }

  /** Lets Permit2 take all that the payer has of another token. */
  allowPermit2ToTake(token: Address): Promise<void> {
    return this.context.onChain.allow(this.payer, permit2Address, maxUint256, token);
  }

  /** Everything, unless the case has set something else. */
  #allowOnce(): Promise<void> {
    return this.#allowance ?? this.allowPermit2(maxUint256);
  }
}
