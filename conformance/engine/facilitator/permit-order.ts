import type { Address, LocalAccount } from "viem";
import type { Permit, PermitScheme } from "../../oracles/permit2.ts";
import type { Json, JsonObject } from "../../oracles/wire/index.ts";
import type { Ground } from "../ground.ts";
import {
  type PermitSigningChange,
  permitPayload,
  type SignedPermit,
  signChangedPermit,
} from "../permit-signing.ts";
import { authorizationLead, same } from "../signing.ts";
import { type Order, type PresentedOrder, price } from "./order.ts";

/** An order that is paid by Permit2. */
export interface PermitOrder extends PresentedOrder, SignedPermit {
  readonly body: JsonObject & { readonly paymentPayload: JsonObject };
}

/** An order, however it is paid. */
export type AnyOrder = Order | PermitOrder;

/** One thing to do differently from an honest order. */
export interface PermitChange extends PermitSigningChange {
  /** Other terms, in the requirements and in what the buyer accepted. The payer signs as before. */
  readonly terms?: (terms: JsonObject) => JsonObject;
  /** Other requirements; what the buyer accepted stays. */
  readonly requirements?: (requirements: JsonObject) => JsonObject;
  /** Other terms in what the buyer accepted; the requirements stay. */
  readonly accepted?: (accepted: JsonObject) => JsonObject;
  /** Other fields in the payload, after it was signed. */
  readonly payload?: (payload: JsonObject) => Json;
  /** Of `upto`: what is charged in the end, in atomic units; the price without it. */
  readonly charge?: bigint;
}

/** Who takes part in an order by Permit2. */
export interface PermitParties {
  readonly scheme: PermitScheme;
  readonly payer: LocalAccount;
  /** The facilitator's account, which `upto` is signed for. */
  readonly facilitator: Address;
}

/**
 * Makes an order by Permit2 on the run's chain, honest but for the change. The payer must have given Permit2 its
 * allowance.
 *
 * @throws Unproven when the run's budget is used up
 */
export async function makePermitOrder(
  ground: Ground,
  { scheme, payer, facilitator }: PermitParties,
  change: PermitChange = {},
): Promise<PermitOrder> {
  const { sandbox } = ground;
  const payTo = sandbox.accounts.seller.address;
  const honest = {
    permitted: { token: sandbox.asset, amount: price },
    ...(await window(ground, { to: payTo, facilitator })),
  };
  const signed = await signChangedPermit(ground, payer, scheme, honest, change);
  const terms = (change.terms ?? same)(termsOf(ground, scheme, facilitator));
  const { charge } = change;
  const requirements: JsonObject = charge === undefined ? terms : { ...terms, amount: String(charge) };
  return {
    protocol: "x402@2",
    body: {
      x402Version: 2,
      paymentPayload: {
        x402Version: 2,
        accepted: (change.accepted ?? same)(terms),
        payload: (change.payload ?? same<Json>)(permitPayload(signed)),
      },
      paymentRequirements: (change.requirements ?? same)(requirements),
    },
    payTo,
    amount: charge ?? price,
    id: String(signed.permit.nonce),
    ...signed,
  };
}

async function window(
  { chain }: Ground,
  payees: Omit<Permit["witness"], "validAfter">,
): Promise<Pick<Permit, "deadline" | "witness">> {
  const { timestamp } = await chain.getBlock({ blockTag: "pending" });
  return {
    deadline: timestamp + 60n,
    witness: { ...payees, validAfter: timestamp - authorizationLead },
  };
}

function termsOf(
  { sandbox, tokenDomain }: Ground,
  scheme: PermitScheme,
  facilitatorAddress: Address,
): JsonObject {
  const extra = { ...tokenDomain, assetTransferMethod: "permit2" };
  return {
    scheme,
    network: sandbox.network,
    amount: String(price),
    asset: sandbox.asset,
    payTo: sandbox.accounts.seller.address,
    maxTimeoutSeconds: 60,
    extra: scheme === "upto" ? { ...extra, facilitatorAddress } : extra,
  };
}
