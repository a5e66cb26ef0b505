/** Key of the extension by which a seller signs what it offers and what it has sold. */
export const offerReceiptKey = "offer-receipt";

/** Terms that a seller commits itself to (offer-receipt §4.2). `validUntil` is in Unix seconds, 0 for no end. */
export interface OfferPayload {
  readonly version: 1;
  readonly resourceUrl: string;
  readonly scheme: string;
  /** CAIP-2, whatever version of x402 is spoken. */
  readonly network: string;
  readonly asset: string;
  readonly payTo: string;
  /** Atomic units, decimal. */
  readonly amount: string;
  readonly validUntil: number;
}

/** That a resource was paid for and delivered (§5.2). `transaction` is `""` where it is not told. */
export interface ReceiptPayload {
  readonly version: 1;
  /** CAIP-2. */
  readonly network: string;
  readonly resourceUrl: string;
  readonly payer: string;
  /** Unix seconds. */
  readonly issuedAt: number;
  readonly transaction: string;
}

/** What is signed for an offer (§3.2, §4.3), ready for viem's `signTypedData`. The chain id is 1 on every network. */
export function offerTypedData(payload: OfferPayload) {
  return {
    domain: { name: "x402 offer", version: "1", chainId: 1 },
    types: {
      Offer: [
        { name: "version", type: "uint256" },
        { name: "resourceUrl", type: "string" },
        { name: "scheme", type: "string" },
        { name: "network", type: "string" },
        { name: "asset", type: "string" },
        { name: "payTo", type: "string" },
        { name: "amount", type: "string" },
        { name: "validUntil", type: "uint256" },
      ],
    },
    primaryType: "Offer",
    message: { ...payload, version: BigInt(payload.version), validUntil: BigInt(payload.validUntil) },
  } as const;
}

/** What is signed for a receipt (§3.2, §5.3), ready for viem's `signTypedData`. */
export function receiptTypedData(payload: ReceiptPayload) {
  return {
    domain: { name: "x402 receipt", version: "1", chainId: 1 },
    types: {
      Receipt: [
        { name: "version", type: "uint256" },
        { name: "network", type: "string" },
        { name: "resourceUrl", type: "string" },
        { name: "payer", type: "string" },
        { name: "issuedAt", type: "uint256" },
        { name: "transaction", type: "string" },
      ],
    },
    primaryType: "Receipt",
    message: { ...payload, version: BigInt(payload.version), issuedAt: BigInt(payload.issuedAt) },
  } as const;
}

/** JSON Schema of a challenge's `info`: what each offer holds is fixed by the extension itself. */
export const offersSchema = infoSchema("offers", { type: "array", items: signedSchema() });

/** JSON Schema of the `info` in a settlement's receipt. */
export const receiptSchema = infoSchema("receipt", signedSchema());

function infoSchema(name: string, schema: object) {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    properties: { [name]: schema },
    required: [name],
  };
}

function signedSchema() {
  return {
    type: "object",
    properties: { format: { const: "eip712" }, payload: { type: "object" }, signature: { type: "string" } },
    required: ["format", "payload", "signature"],
  };
}
