import type { Address, LocalAccount } from "viem";
import { type Allowance, permit2Address } from "../../oracles/permit2.ts";
import type { Json, JsonObject } from "../../oracles/wire/index.ts";
import type { SignedAllowance } from "../allowance-signing.ts";
import type { Ground } from "../ground.ts";
import { same } from "../signing.ts";
import { makePermitOrder, type PermitChange, type PermitOrder, type PermitParties } from "./permit-order.ts";

/** The extension by which a facilitator takes the allowance together with the payment, and pays for both. */
export const eip2612Sponsoring = "eip2612GasSponsoring";

/** An order by Permit2 that brings the allowance which its payer has not given yet. */
export interface SponsoredOrder extends PermitOrder {
  readonly allowance: SignedAllowance;
}

/** One thing to do differently from an honest order: in the payment, or in the allowance. */
export interface SponsoredChange extends PermitChange {
  /** Another allowance, signed as it is. */
  readonly allowance?: (allowance: Allowance) => Allowance;
  /** The token that the allowance is for; the asset without it. */
  readonly allowanceToken?: Address;
  /** Who signs the allowance; the payer without it. */
  readonly allowanceSigner?: LocalAccount;
  /** Another `info` of the extension, after the allowance was signed. */
  readonly info?: (info: JsonObject) => Json;
}

/**
 * Makes an order by Permit2 that brings its allowance (eip2612GasSponsoring, Usage: PaymentPayload), honest but for the
 * change.
 *
 * @throws Unproven when the run's budget is used up
 */
export async function makeSponsoredOrder(
  ground: Ground,
  parties: PermitParties,
  change: SponsoredChange = {},
): Promise<SponsoredOrder> {
  const order = await makePermitOrder(ground, parties, change);
  const { permit, body } = order;
  const allowance = await ground.onChain.signAllowance(parties.payer, {
    spender: permit2Address,
    value: permit.permitted.amount,
    deadline: permit.deadline,
    token: change.allowanceToken,
    change: change.allowance,
    signer: change.allowanceSigner,
  });
  const info = (change.info ?? same<Json>)(infoOf(allowance));
  const paymentPayload = { ...body.paymentPayload, extensions: { [eip2612Sponsoring]: { info } } };
  return { ...order, body: { ...body, paymentPayload }, allowance };
}

function infoOf({ token, allowance, signature }: SignedAllowance): JsonObject {
  const { owner, spender, value, nonce, deadline } = allowance;
  return {
    from: owner,
    asset: token,
    spender,
    amount: String(value),
    nonce: String(nonce),
    deadline: String(deadline),
    signature,
    version: "1",
  };
}
