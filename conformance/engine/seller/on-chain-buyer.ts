import type { Address, LocalAccount } from "viem";
import { generatePrivateKey } from "viem/accounts";
import { keyAccount } from "#sandbox";
import type { Exchange } from "../exchange.ts";
import type { SmartAccountKind } from "../on-chain.ts";
import type { Observed } from "./observed.ts";
import type { Payment } from "./payment.ts";
import { PermitBuyer } from "./permit-buyer.ts";

/** A {@link PermitBuyer} that also has the chain in hand: what its payer is there, and what befalls its payments. */
export class OnChainBuyer extends PermitBuyer {
  /** Gives the payer plenty of a token that is worth nothing but behaves like the real one; its address. */
  holdWorthlessToken(): Promise<Address> {
    return this.context.onChain.giveWorthlessToken(this.payer.address);
  }

  /** Somebody spends a payment's authorization on chain before the seller can. */
  async spendOnChain({ authorization, signature }: Payment): Promise<void> {
    this.conversation.excuse(1);
    this.conversation.isExposed();
    await this.context.onChain.spend(authorization, signature);
  }

  /** Makes the payer a smart account (ERC-1271); gives the key that signs for it from now on. */
  async becomeSmartAccount(kind: SmartAccountKind): Promise<LocalAccount> {
    const owner = keyAccount(generatePrivateKey());
    await this.context.onChain.makeSmart(this.payer.address, owner.address, kind);
    return owner;
  }

  /** The token's issuer freezes this case's payer. */
  async blacklistPayer(): Promise<void> {
    await this.fund();
    await this.context.onChain.blacklist(this.payer.address);
  }

  /** Sends an exchange while the token is paused for everybody; only for cases that run alone. */
  async whileTokenPaused(exchange: Exchange<Observed>): Promise<Observed> {
    await this.fund();
    return this.context.onChain.whilePaused(() => exchange.done());
  }

  /** The payer cancels a payment's authorization on chain. */
  cancelOnChain({ authorization, domain }: Payment): Promise<void> {
    return this.context.onChain.cancel(authorization, this.payer, domain);
  }

  /** The time of the chain's next block, in Unix seconds. */
  async chainTime(): Promise<bigint> {
    return (await this.context.chain.getBlock({ blockTag: "pending" })).timestamp;
  }

  /** Moves the chain's clock beyond the end of a payment's authorization; only for cases that run alone. */
  async outlive({ authorization }: Payment): Promise<void> {
    const secondsLeft = Number(authorization.validBefore - (await this.chainTime()));
    if (secondsLeft >= 0) await this.context.admin.advanceClock(secondsLeft + 1);
  }
}
