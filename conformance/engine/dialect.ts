import { echoOf } from "../oracles/extensions/index.ts";
import {
  type ChallengeReading,
  field,
  isJsonObject,
  type JsonObject,
  type ReceiptReading,
  readChallenge,
  readChallengeV1,
  readReceipt,
  readReceiptV1,
  v1NameOf,
  v1Networks,
  type WireAnswer,
} from "../oracles/wire/index.ts";
import type { ProtocolId } from "../requirements/index.ts";

/** What a buyer has decided and signed, before it is put into the words of a version. */
export interface SignedOrder {
  readonly challenge: JsonObject;
  /** The entry of `accepts` that the buyer claims to pay. */
  readonly accepted: JsonObject;
  /** Signature and authorization. */
  readonly payload: JsonObject;
}

/**
 * One version of x402 as the suite's buyer and its judge speak it: all that differs between versions is here. Header
 * names are lower case.
 */
export interface Dialect {
  readonly protocol: ProtocolId;
  readonly paymentHeader: string;
  readonly receiptHeader: string;
  /** Where a 402 has its challenge, for a reader. */
  readonly challengePlace: string;
  /** What the price of an entry of `accepts` is called. */
  readonly priceField: string;
  /** What a CAIP-2 network is called; `undefined` when this version has no name for it. */
  readonly networkName: (network: string) => string | undefined;
  /** Whether a network, by the name it has in this version, is an EVM chain. */
  readonly isEvm: (network: string) => boolean;
  /** Whether this answer asks to be paid in this version, however badly. */
  readonly isOffered: (answer: WireAnswer) => boolean;
  readonly readChallenge: (answer: WireAnswer) => ChallengeReading;
  readonly readReceipt: (answer: WireAnswer) => ReceiptReading;
  /** The payment payload, before it becomes base64. */
  readonly envelope: (order: SignedOrder) => JsonObject;
}

const x402V2: Dialect = {
  protocol: "x402@2",
  paymentHeader: "payment-signature",
  receiptHeader: "payment-response",
  challengePlace: "a PAYMENT-REQUIRED header",
  priceField: "amount",
  networkName: (network) => network,
  isEvm: (network) => network.startsWith("eip155:"),
  isOffered: ({ status, headers }) => status === 402 && headers["payment-required"] !== undefined,
  readChallenge,
  readReceipt,
  envelope: ({ challenge, accepted, payload }) => ({
    x402Version: 2,
    ...echoed(challenge, "resource"),
    accepted,
    payload,
    ...echoedExtensions(challenge),
  }),
};

const x402V1: Dialect = {
  protocol: "x402@1",
  paymentHeader: "x-payment",
  receiptHeader: "x-payment-response",
  challengePlace: "a challenge in the body",
  priceField: "maxAmountRequired",
  networkName: v1NameOf,
  isEvm: (network) => Object.hasOwn(v1Networks, network),
  // Any JSON body with `accepts` can be read as a challenge, but only one that says version 1 is meant as one.
  isOffered: (answer) => {
    const reading = readChallengeV1(answer);
    return reading.stage === "object" && Number(field(reading.challenge, "x402Version")) === 1;
  },
  readChallenge: readChallengeV1,
  readReceipt: readReceiptV1,
  envelope: ({ accepted, payload }) => ({
    x402Version: 1,
    ...echoed(accepted, "scheme"),
    ...echoed(accepted, "network"),
    payload,
  }),
};

/** Every version that the suite speaks. */
export const dialects: Readonly<Record<ProtocolId, Dialect>> = { "x402@2": x402V2, "x402@1": x402V1 };

function echoedExtensions(challenge: JsonObject): JsonObject {
  const extensions = field(challenge, "extensions");
  if (!isJsonObject(extensions)) return echoed(challenge, "extensions");
  return { extensions: echoOf(extensions) };
}

function echoed(message: JsonObject, key: string): JsonObject {
  const value = field(message, key);
  return value === undefined ? {} : { [key]: value };
}
