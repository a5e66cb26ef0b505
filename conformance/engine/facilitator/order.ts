import type { Address, Hex } from "viem";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { type Json, type JsonObject, v1NameOf } from "../../oracles/wire/index.ts";
import type { ProtocolId } from "../../requirements/index.ts";
import type { Ground } from "../ground.ts";
import { type Authorization, asWire, freshNonce, type SigningDomain, sign } from "../payment.ts";

/** What every order costs, in atomic units. */
const price = 1_000n;

/** What a seller asks a facilitator about: a payment, and what it was to pay. */
export interface Order {
  readonly protocol: ProtocolId;
  /** The body of `POST /verify` and `POST /settle`: `{x402Version, paymentPayload, paymentRequirements}`. */
  readonly body: Json;
  readonly payer: Address;
  readonly payTo: Address;
  readonly amount: bigint;
  readonly authorization: Authorization;
  readonly signature: Hex;
  readonly domain: SigningDomain;
}

/**
 * One thing to do differently from an honest order. What is changed before signing is signed as changed, so that only
 * the rule under test can refuse the payment.
 */
export interface OrderChange {
  /** Other terms, in the requirements and in what the buyer accepted. The payer signs as before. */
  readonly terms?: (terms: JsonObject) => JsonObject;
  /** Other requirements; what the buyer accepted stays. */
  readonly requirements?: (requirements: JsonObject) => JsonObject;
  /** Other terms in what the buyer accepted; the requirements stay. v2 only. */
  readonly accepted?: (accepted: JsonObject) => JsonObject;
  /** Another authorization, signed as it is. */
  readonly authorization?: (authorization: Authorization) => Authorization;
  /** Another EIP-712 domain to sign under. */
  readonly domain?: (domain: SigningDomain) => SigningDomain;
  /** The key that signs for the payer, where that is a smart account. */
  readonly signedBy?: PrivateKeyAccount;
  /** Somebody else signs in the payer's name. */
  readonly signedByStranger?: boolean;
  /** Somebody pays who never held any of the asset. */
  readonly byUnfundedPayer?: boolean;
  /** Another signature. */
  readonly signature?: (signature: Hex) => Hex;
  /** Other fields in the payload, after it was signed. */
  readonly payload?: (payload: JsonObject) => Json;
  /** Another payment payload in the end. */
  readonly paymentPayload?: (paymentPayload: JsonObject) => Json;
  /** Another body in the end. */
  readonly body?: (body: JsonObject) => Json;
}

/** Makes an order on the run's chain, honest but for the change. */
export async function makeOrder(
  ground: Ground,
  funded: PrivateKeyAccount,
  protocol: ProtocolId,
  change: OrderChange = {},
): Promise<Order> {
  const payer = change.byUnfundedPayer ? privateKeyToAccount(generatePrivateKey()) : funded;
  const payTo = ground.sandbox.accounts.seller.address;
  const authorization = (change.authorization ?? same)(
    await honestAuthorization(ground, payer.address, payTo),
  );
  const domain = (change.domain ?? same)(honestDomain(ground));
  const honest = change.signedBy ?? payer;
  const signer = change.signedByStranger ? privateKeyToAccount(generatePrivateKey()) : honest;
  const signature = (change.signature ?? same)(await sign(signer, domain, authorization));
  const payload = (change.payload ?? same<Json>)({ signature, authorization: asWire(authorization) });
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
    payer: payer.address,
    payTo,
    amount: price,
    authorization,
    signature,
    domain,
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
      network: v1NameOf(sandbox.network) ?? sandbox.network,
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

async function honestAuthorization({ chain }: Ground, from: Address, to: Address): Promise<Authorization> {
  const { timestamp } = await chain.getBlock({ blockTag: "pending" });
  return {
    from,
    to,
    value: price,
    validAfter: timestamp - 600n,
    validBefore: timestamp + 60n,
    nonce: freshNonce(),
  };
}

function honestDomain({ sandbox, tokenDomain }: Ground): SigningDomain {
  return { ...tokenDomain, chainId: sandbox.chainId, verifyingContract: sandbox.asset };
}

function same<T>(value: T): T {
  return value;
}
