import type { Address, LocalAccount } from "viem";
import type { AuthorizationDomain } from "../../oracles/authorization.ts";
import type { Json, JsonObject } from "../../oracles/wire/index.ts";
import type { ProtocolId } from "../../requirements/index.ts";
import type { Ground } from "../ground.ts";
import {
  authorizationLead,
  exactPayload,
  type Signed,
  type SigningChange,
  same,
  signChanged,
} from "../signing.ts";
import { networkNameIn } from "./versions.ts";

/** What every order costs, in atomic units. */
export const price = 1_000n;

/** What a seller asks a facilitator about, however it is paid: a payment, and what it was to pay. */
export interface PresentedOrder {
  readonly protocol: ProtocolId;
  /** The body of `POST /verify` and `POST /settle`: `{x402Version, paymentPayload, paymentRequirements}`. */
  readonly body: Json;
  /** Whose payment it is, whatever it says. */
  readonly payer: Address;
  readonly payTo: Address;
  readonly amount: bigint;
  /** What tells it from the payer's other payments: its nonce. */
  readonly id: string;
}

/** An order that is paid by EIP-3009. */
export interface Order extends PresentedOrder, Signed {}

/** One thing to do differently from an honest order. */
export interface OrderChange extends SigningChange {
  /** Other terms, in the requirements and in what the buyer accepted. The payer signs as before. */
  readonly terms?: (terms: JsonObject) => JsonObject;
  /** Other requirements; what the buyer accepted stays. */
  readonly requirements?: (requirements: JsonObject) => JsonObject;
  /** Other terms in what the buyer accepted; the requirements stay. v2 only. */
  readonly accepted?: (accepted: JsonObject) => JsonObject;
  /** Other fields in the payload, after it was signed. */
  readonly payload?: (payload: JsonObject) => Json;
  /** Another payment payload in the end. */
  readonly paymentPayload?: (paymentPayload: JsonObject) => Json;
  /** Another body in the end. */
  readonly body?: (body: JsonObject) => Json;
}

/**
 * Makes an order on the run's chain, honest but for the change.
 *
 * @throws Unproven when the run's budget is used up
 */
export async function makeOrder(
  ground: Ground,
  funded: LocalAccount,
  protocol: ProtocolId,
  change: OrderChange = {},
): Promise<Order> {
  const payTo = ground.sandbox.accounts.seller.address;
  const honest = { authorization: await honestAuthorization(ground, payTo), domain: honestDomain(ground) };
  const signed = await signChanged(ground.purse, funded, honest, change);
  const payload = (change.payload ?? same<Json>)(exactPayload(signed));
  const terms = (change.terms ?? same)(wordings[protocol].terms(ground, payTo));
  const paymentPayload = wordings[protocol].paymentPayload((change.accepted ?? same)(terms), payload);
  const body: JsonObject = {
    x402Version: wordings[protocol].version,
    paymentPayload: (change.paymentPayload ?? same<Json>)(paymentPayload),
    paymentRequirements: (change.requirements ?? same)(terms),
  };
  return {
    protocol,
    body: (change.body ?? same<Json>)(body),
    payTo,
    amount: price,
    id: signed.authorization.nonce,
    ...signed,
  };
}

/** How a version of x402 words an order. */
interface Wording {
  readonly version: number;
  readonly terms: (ground: Ground, payTo: Address) => JsonObject;
  readonly paymentPayload: (accepted: JsonObject, payload: Json) => JsonObject;
}

const resourceUrl = "http://127.0.0.1/conformance";

const wordings: Readonly<Record<ProtocolId, Wording>> = {
  "x402@2": {
    version: 2,
    terms: ({ sandbox, tokenDomain }, payTo) => ({
      scheme: "exact",
      network: sandbox.network,
      amount: String(price),
      asset: sandbox.asset,
      payTo,
      maxTimeoutSeconds: 60,
      extra: { ...tokenDomain },
    }),
    paymentPayload: (accepted, payload) => ({
      x402Version: 2,
      resource: { url: resourceUrl },
      accepted,
      payload,
    }),
  },
  "x402@1": {
    version: 1,
    terms: ({ sandbox, tokenDomain }, payTo) => ({
      scheme: "exact",
      network: networkNameIn("x402@1", sandbox.network),
      maxAmountRequired: String(price),
      asset: sandbox.asset,
      payTo,
      resource: resourceUrl,
      description: "",
      mimeType: "application/json",
      maxTimeoutSeconds: 60,
      extra: { ...tokenDomain },
    }),
    paymentPayload: ({ scheme = "exact", network = "" }, payload) => ({
      x402Version: 1,
      scheme,
      network,
      payload,
    }),
  },
};

async function honestAuthorization({ chain }: Ground, to: Address) {
  const { timestamp } = await chain.getBlock({ blockTag: "pending" });
  return {
    to,
    value: price,
    validAfter: timestamp - authorizationLead,
    validBefore: timestamp + 60n,
  };
}

function honestDomain({ sandbox, tokenDomain }: Ground): AuthorizationDomain {
  return { ...tokenDomain, chainId: sandbox.chainId, verifyingContract: sandbox.asset };
}
