import { type Address, type Hex, isAddress } from "viem";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import {
  type AcceptsEntry,
  acceptsEntries,
  encodeBase64Text,
  field,
  type Json,
  type JsonObject,
} from "../oracles/wire/index.ts";
import type { RunContext, TokenDomain } from "./context.ts";
import { Unproven } from "./finding.ts";

/** An EIP-3009 authorization before it is signed. Amount in atomic units, times in Unix seconds. */
export interface Authorization {
  readonly from: Address;
  readonly to: Address;
  readonly value: bigint;
  readonly validAfter: bigint;
  readonly validBefore: bigint;
  readonly nonce: Hex;
}

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
}

/** The terms that the suite's own buyer reads out of an entry, as leniently as they can be understood. */
interface Terms {
  readonly entry: AcceptsEntry;
  readonly amount: bigint;
  readonly payTo: Address;
  readonly maxTimeoutSeconds: bigint;
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
  change: PaymentChange = {},
): Promise<Payment> {
  const payer = change.byUnfundedPayer ? privateKeyToAccount(generatePrivateKey()) : funded;
  const terms = payableTerms(context, challenge);
  const authorization = (change.authorization ?? same)(
    await honestAuthorization(context, payer.address, terms),
  );
  const domain = (change.domain ?? same)(honestDomain(context, terms.entry));
  const signer = change.signedByStranger ? privateKeyToAccount(generatePrivateKey()) : payer;
  const signature = (change.signature ?? same)(await sign(signer, domain, authorization));
  const envelope: JsonObject = {
    x402Version: 2,
    ...echoed(challenge, "resource"),
    accepted: (change.accepted ?? same)(terms.entry),
    payload: { signature, authorization: asWire(authorization) },
    ...echoed(challenge, "extensions"),
  };
  const header = encodeBase64Text(JSON.stringify((change.envelope ?? same<Json>)(envelope)));
  return {
    header: (change.header ?? same)(header),
    authorization,
    signature,
    domain,
    amount: terms.amount,
    payTo: terms.payTo,
    soundlyAsked: isSound(context, terms.entry),
    flow: String(field(field(terms.entry, "extra"), "paymentFlow") ?? "authorization"),
  };
}

/** Whether the entry could be paid without any leniency. */
function isSound({ sandbox, tokenDomain }: RunContext, entry: AcceptsEntry): boolean {
  const extra = field(entry, "extra");
  const amount = field(entry, "amount");
  return (
    field(entry, "network") === sandbox.network &&
    typeof amount === "string" &&
    /^\d+$/.test(amount) &&
    typeof field(entry, "maxTimeoutSeconds") === "number" &&
    field(extra, "name") === tokenDomain.name &&
    field(extra, "version") === tokenDomain.version
  );
}

function same<T>(value: T): T {
  return value;
}

function payableTerms(context: RunContext, challenge: JsonObject): Terms {
  const entries = acceptsEntries(challenge);
  for (const entry of entries) {
    const terms = readTerms(entry, context.sandbox.asset);
    if (terms !== undefined) return terms;
  }
  throw new Unproven(
    `No entry of accepts can be paid here: the suite pays scheme exact in ${context.sandbox.asset} on ` +
      `${context.sandbox.network}. The seller offers ${JSON.stringify(entries).slice(0, 300)}.`,
  );
}

function readTerms(entry: AcceptsEntry, asset: Address): Terms | undefined {
  const payTo = field(entry, "payTo");
  const offered = field(entry, "asset");
  const amount = readAmount(field(entry, "amount"));
  const timeout = Number(field(entry, "maxTimeoutSeconds"));
  if (field(entry, "scheme") !== "exact" || amount === undefined) return undefined;
  if (typeof payTo !== "string" || !isAddress(payTo, { strict: false })) return undefined;
  if (typeof offered !== "string" || offered.toLowerCase() !== asset.toLowerCase()) return undefined;
  const maxTimeoutSeconds = BigInt(Number.isFinite(timeout) && timeout > 0 ? Math.ceil(timeout) : 60);
  return { entry, amount, payTo, maxTimeoutSeconds };
}

function readAmount(amount: Json | undefined): bigint | undefined {
  if (typeof amount !== "string" && typeof amount !== "number") return undefined;
  try {
    return BigInt(amount);
  } catch {
    return undefined;
  }
}

async function honestAuthorization(context: RunContext, from: Address, terms: Terms): Promise<Authorization> {
  const { timestamp } = await context.chain.getBlock({ blockTag: "pending" });
  return {
    from,
    to: terms.payTo,
    value: terms.amount,
    validAfter: timestamp - 600n,
    validBefore: timestamp + terms.maxTimeoutSeconds,
    nonce: freshNonce(),
  };
}

function freshNonce(): Hex {
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

function sign(signer: PrivateKeyAccount, domain: SigningDomain, authorization: Authorization): Promise<Hex> {
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

function asWire(authorization: Authorization): JsonObject {
  return {
    from: authorization.from,
    to: authorization.to,
    value: String(authorization.value),
    validAfter: String(authorization.validAfter),
    validBefore: String(authorization.validBefore),
    nonce: authorization.nonce,
  };
}

function echoed(challenge: JsonObject, key: "resource" | "extensions"): JsonObject {
  const value = field(challenge, key);
  return value === undefined ? {} : { [key]: value };
}
