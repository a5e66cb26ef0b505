import type { Address, Hex } from "viem";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { identifierIn } from "../oracles/extensions/index.ts";
import {
  type AcceptsEntry,
  decodeBase64Text,
  encodeBase64Text,
  field,
  isJsonObject,
  type Json,
  type JsonObject,
  parseJson,
} from "../oracles/wire/index.ts";
import type { RunContext } from "./context.ts";
import type { Dialect } from "./dialect.ts";
import type { TokenDomain } from "./ground.ts";
import { flowOf, isSound, payableTerms, type Terms } from "./terms.ts";

/** An EIP-3009 authorization before it is signed. Amount in atomic units, times in Unix seconds. */
export interface Authorization {
  readonly from: Address;
  readonly to: Address;
  readonly value: bigint;
  readonly validAfter: bigint;
  readonly validBefore: bigint;
  readonly nonce: Hex;
}

/** How long before now an honest authorization begins, in seconds: clocks may differ. */
export const authorizationLead = 600n;

/** The domain that an authorization is signed under. */
export interface SigningDomain extends TokenDomain {
  readonly chainId: number;
  readonly verifyingContract: Address;
}

/**
 * One thing to do differently from an honest payment. What is changed before signing is signed as changed, so that
 * only the rule under test can refuse the payment.
 */
export interface PaymentChange {
  /** Another copy of the terms in the envelope. */
  readonly accepted?: (entry: AcceptsEntry) => JsonObject;
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
  /** Another payload in the end: fields missing, of another type, of another protocol. */
  readonly envelope?: (envelope: JsonObject) => Json;
  /** Another header value in the end. */
  readonly header?: (value: string) => string;
}

/** A payment as it was made: the header to send, and what it says. */
export interface Payment {
  /** The version that it is written in; says which header carries it. */
  readonly dialect: Dialect;
  readonly header: string;
  readonly authorization: Authorization;
  readonly signature: Hex;
  /** The domain that it is signed under. */
  readonly domain: SigningDomain;
  readonly amount: bigint;
  readonly payTo: Address;
  /** Whether the challenge gave everything that a payment needs, so that an honest one must be accepted. */
  readonly soundlyAsked: boolean;
  /** `extra.paymentFlow` of the entry; `authorization` without one. */
  readonly flow: string;
  /** The id it goes by (payment-identifier): sent again, it may get the same answer again. */
  readonly identifier: string | undefined;
}

/**
 * Pays a challenge as the suite's own buyer: leniently, so that a flaw in one field of the challenge does not hide
 * everything that comes after it.
 *
 * @throws Unproven when nothing in the challenge can be paid on the run's chain
 */
export async function makePayment(
  context: RunContext,
  funded: PrivateKeyAccount,
  challenge: JsonObject,
  dialect: Dialect,
  change: PaymentChange = {},
): Promise<Payment> {
  const payer = change.byUnfundedPayer ? privateKeyToAccount(generatePrivateKey()) : funded;
  const terms = payableTerms(context, challenge, dialect);
  const authorization = (change.authorization ?? same)(
    await honestAuthorization(context, payer.address, terms),
  );
  const domain = (change.domain ?? same)(honestDomain(context, terms.entry));
  const honest = change.signedBy ?? payer;
  const signer = change.signedByStranger ? privateKeyToAccount(generatePrivateKey()) : honest;
  const signature = (change.signature ?? same)(await sign(signer, domain, authorization));
  const honestEnvelope = dialect.envelope({
    challenge,
    accepted: (change.accepted ?? same)(terms.entry),
    payload: { signature, authorization: asWire(authorization) },
  });
  const envelope = (change.envelope ?? same<Json>)(honestEnvelope);
  const header = encodeBase64Text(JSON.stringify(envelope));
  return {
    dialect,
    header: (change.header ?? same)(header),
    authorization,
    signature,
    domain,
    amount: terms.amount,
    payTo: terms.payTo,
    soundlyAsked: isSound(context, terms.entry, dialect),
    flow: flowOf(terms.entry),
    identifier: identifierIn(envelope),
  };
}

/**
 * The same authorization with the same signature in another envelope: nothing is signed anew.
 *
 * @throws Error when the payment's header holds no JSON object: a fault of the case
 */
export function rewrapped(payment: Payment, rewrap: (envelope: JsonObject) => JsonObject): Payment {
  const decoded = decodeBase64Text(payment.header);
  const envelope = decoded.kind === "text" ? parseJson(decoded.text) : undefined;
  if (envelope === undefined || !isJsonObject(envelope))
    throw new Error("The payment has no envelope to change.");
  return { ...payment, header: encodeBase64Text(JSON.stringify(rewrap(envelope))) };
}

function same<T>(value: T): T {
  return value;
}

async function honestAuthorization(context: RunContext, from: Address, terms: Terms): Promise<Authorization> {
  const { timestamp } = await context.chain.getBlock({ blockTag: "pending" });
  const ours = BigInt(Math.floor(Date.now() / 1000));
  return {
    from,
    to: terms.payTo,
    value: terms.amount,
    // The chain may be ahead of the clock that the seller looks at.
    validAfter: (timestamp < ours ? timestamp : ours) - authorizationLead,
    validBefore: timestamp + terms.maxTimeoutSeconds,
    nonce: freshNonce(),
  };
}

/** 32 random bytes: an authorization that nobody has seen. */
export function freshNonce(): Hex {
  return `0x${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("hex")}`;
}

function honestDomain(context: RunContext, entry: AcceptsEntry): SigningDomain {
  const extra = field(entry, "extra");
  const text = (key: "name" | "version") => {
    const value = field(extra, key);
    return typeof value === "string" ? value : context.tokenDomain[key];
  };
  return {
    name: text("name"),
    version: text("version"),
    chainId: context.sandbox.chainId,
    verifyingContract: context.sandbox.asset,
  };
}

/** Signs an authorization under a domain (EIP-712), as a plain account does. */
export function sign(
  signer: PrivateKeyAccount,
  domain: SigningDomain,
  authorization: Authorization,
): Promise<Hex> {
  return signer.signTypedData({
    domain,
    types: {
      TransferWithAuthorization: [
        { name: "from", type: "address" },
        { name: "to", type: "address" },
        { name: "value", type: "uint256" },
        { name: "validAfter", type: "uint256" },
        { name: "validBefore", type: "uint256" },
        { name: "nonce", type: "bytes32" },
      ],
    },
    primaryType: "TransferWithAuthorization",
    message: { ...authorization },
  });
}

/** An authorization as it stands in a payload: numbers as decimal strings. */
export function asWire(authorization: Authorization): JsonObject {
  return {
    from: authorization.from,
    to: authorization.to,
    value: String(authorization.value),
    validAfter: String(authorization.validAfter),
    validBefore: String(authorization.validBefore),
    nonce: authorization.nonce,
  };
}
