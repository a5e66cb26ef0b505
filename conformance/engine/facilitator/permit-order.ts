import type { Address, Hex, LocalAccount } from "viem";
import { generatePrivateKey } from "viem/accounts";
import { keyAccount } from "#sandbox";
import {
  type Permit,
  type PermitDomain,
  type PermitScheme,
  permit2Address,
  permit2Proxies,
  permitTypesOf,
} from "../../oracles/permit2.ts";
import type { Json, JsonObject } from "../../oracles/wire/index.ts";
import type { Ground } from "../ground.ts";
import { authorizationLead, same } from "../signing.ts";
import { type Order, type PresentedOrder, price } from "./order.ts";

/** An order that is paid by Permit2. */
export interface PermitOrder extends PresentedOrder {
  readonly body: JsonObject & { readonly paymentPayload: JsonObject };
  readonly permit: Permit;
}

/** An order, however it is paid. */
export type AnyOrder = Order | PermitOrder;

/** One thing to do differently from an honest order. What is changed of the permit is signed as changed. */
export interface PermitChange {
  readonly permit?: (permit: Permit) => Permit;
  /** Another EIP-712 domain to sign under. */
  readonly domain?: (domain: PermitDomain) => PermitDomain;
  /** Somebody else signs in the payer's name. */
  readonly signedByStranger?: boolean;
  /** Another signature. */
  readonly signature?: (signature: Hex) => Hex;
  /** Other terms, in the requirements and in what the buyer accepted. The payer signs as before. */
  readonly terms?: (terms: JsonObject) => JsonObject;
  /** Other requirements; what the buyer accepted stays. */
  readonly requirements?: (requirements: JsonObject) => JsonObject;
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
  const permit = (change.permit ?? same)({
    permitted: { token: sandbox.asset, amount: price },
    from: payer.address,
    spender: permit2Proxies[scheme],
    nonce: freshNonce(),
    ...(await window(ground, { to: payTo, facilitator })),
  });
  ground.purse.take(permit.permitted.amount);
  const terms = (change.terms ?? same)(termsOf(ground, scheme, facilitator));
  const charged = change.charge ?? price;
  const requirements: JsonObject =
    change.charge === undefined ? terms : { ...terms, amount: String(change.charge) };
  return {
    protocol: "x402@2",
    body: {
      x402Version: 2,
      paymentPayload: {
        x402Version: 2,
        accepted: terms,
        payload: {
          signature: await sign(ground, scheme, permit, payer, change),
          permit2Authorization: wireForm(scheme, permit),
        },
      },
      paymentRequirements: (change.requirements ?? same)(requirements),
    },
    payer: payer.address,
    payTo,
    amount: charged,
    id: String(permit.nonce),
    permit,
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

async function sign(
  { sandbox }: Ground,
  scheme: PermitScheme,
  permit: Permit,
  payer: LocalAccount,
  { domain = same, signature = same, signedByStranger }: PermitChange,
): Promise<Hex> {
  const signer = signedByStranger ? keyAccount(generatePrivateKey()) : payer;
  const honest = { name: "Permit2", chainId: sandbox.chainId, verifyingContract: permit2Address } as const;
  const { from: _, ...signed } = permit;
  const common = { domain: domain(honest), primaryType: "PermitWitnessTransferFrom" } as const;
  const made =
    scheme === "upto"
      ? await signer.signTypedData({ ...common, types: permitTypesOf.upto, message: signed })
      : await signer.signTypedData({ ...common, types: permitTypesOf.exact, message: signed });
  return signature(made);
}

function wireForm(scheme: PermitScheme, permit: Permit): JsonObject {
  const { permitted, from, spender, nonce, deadline, witness } = permit;
  const { to, facilitator, validAfter } = witness;
  const common: Record<string, Json> = { to, validAfter: String(validAfter) };
  return {
    permitted: { token: permitted.token, amount: String(permitted.amount) },
    from,
    spender,
    nonce: String(nonce),
    deadline: String(deadline),
    witness: scheme === "upto" ? { ...common, facilitator } : common,
  };
}

function freshNonce(): bigint {
  return BigInt(`0x${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("hex")}`);
}
