import { type Address, type LocalAccount, maxUint256 } from "viem";
import { generatePrivateKey } from "viem/accounts";
import { keyAccount } from "#sandbox";
import { permit2Address } from "../../oracles/permit2.ts";
import type { Exchange } from "../exchange.ts";
import type { SmartAccountKind } from "../on-chain.ts";
import type { FacilitatorContext } from "./context.ts";
import type { Order } from "./order.ts";
import type { Reply } from "./reply.ts";
import type { SponsoredOrder } from "./sponsored-order.ts";

/** The account of a case's buyer, and what its owner, the token's issuer and strangers do with it on chain. */
export class BuyerAccount {
  readonly context: FacilitatorContext;
  readonly payer: LocalAccount;
  #allowsPermit2 = false;

  constructor(context: FacilitatorContext, payer: LocalAccount) {
    this.context = context;
    this.payer = payer;
  }

  /**
   * Sets what Permit2 may take out of the payer's account, in atomic units of `token`, or of the asset. Everything of
   * the asset, once, without `amount`.
   */
  async allowPermit2(amount?: bigint, token?: Address): Promise<void> {
    if (amount === undefined && this.#allowsPermit2) return;
    if (token === undefined) this.#allowsPermit2 = true;
    await this.context.onChain.allow(this.payer, permit2Address, amount ?? maxUint256, token);
  }

  /** Somebody else sends the allowance that an order brings. */
  sendAllowance({ allowance }: SponsoredOrder): Promise<void> {
    return this.context.onChain.sendAllowance(allowance);
  }

  /** The payer cancels an order's authorization on chain. */
  cancelOnChain({ authorization, domain }: Order): Promise<void> {
    return this.context.onChain.cancel(authorization, this.payer, domain);
  }

  /** The token's issuer freezes this case's payer. */
  blacklistPayer(): Promise<void> {
    return this.context.onChain.blacklist(this.payer.address);
  }

  /** Makes a call while the token is paused for everybody; only for cases that run alone. */
  whileTokenPaused(exchange: Exchange<Reply>): Promise<Reply> {
    return this.context.onChain.whilePaused(() => exchange.done());
  }

  /** Makes the payer a smart account (ERC-1271); gives the key that signs for it from now on. */
  async becomeSmartAccount(kind: SmartAccountKind): Promise<LocalAccount> {
    const owner = keyAccount(generatePrivateKey());
    await this.context.onChain.makeSmart(this.payer.address, owner.address, kind);
    return owner;
  }

  /** What the payer holds, in atomic units. */
  balance(): Promise<bigint> {
    return this.context.ledger.balanceOf(this.payer.address);
  }

  /** An account that the token's issuer froze: no transfer to it succeeds. */
  async frozenPayee(): Promise<Address> {
    const { address } = keyAccount(generatePrivateKey());
    await this.context.onChain.blacklist(address);
    return address;
  }

  /** A token that is worth nothing, and of which the payer holds plenty. */
  worthlessToken(): Promise<Address> {
    return this.context.onChain.giveWorthlessToken(this.payer.address);
  }

  /** A token that knows no permits (EIP-2612), and of which the payer holds plenty. */
  tokenWithoutPermits(): Promise<Address> {
    return this.context.onChain.giveTokenWithoutPermits(this.payer.address);
  }

  /** Gives the payer more of the asset. */
  fund(amount: bigint): Promise<void> {
    return this.context.admin.fund([this.payer.address], amount);
  }
}
