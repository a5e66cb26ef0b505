import { z } from "zod";
import {
  type Extensions,
  fromBase64Json,
  type HttpAnswer,
  networkOfV1Name,
  type Parsed,
  type PaymentRequirements,
  parseWith,
  paymentRequiredSchema,
  paymentRequiredV1Schema,
  paymentRequirementsSchema,
  paymentRequirementsV1Schema,
  type ResourceInfo,
  refused,
  requirementsFromV1,
  type SettleResponse,
  understood,
  x402V1,
  x402V1Headers,
  x402V2,
  x402V2Headers,
} from "../protocol/index.ts";
import type { PaymentMessage } from "./signed-payment.ts";

/** One way to pay, as received and in the words of v2. */
export interface OfferedEntry {
  readonly x402Version: 1 | 2;
  readonly requirements: PaymentRequirements;
  /** v1 names its networks otherwise; this is the name that the payment has to repeat. */
  readonly networkAsOffered: string;
  /** v1 only: what the request looks like. */
  readonly outputSchema?: unknown;
}

/** What a 402 demands, in whichever version it was asked. Entries that are malformed are kept as complaints. */
export interface Demand {
  readonly x402Version: 1 | 2;
  readonly error?: string | undefined;
  readonly resource?: ResourceInfo | undefined;
  readonly entries: readonly Parsed<OfferedEntry>[];
  readonly extensions?: Extensions | undefined;
}

/** A version of x402 as the buyer speaks it. */
export interface BuyerDialect {
  readonly x402Version: 1 | 2;
  /** The headers that pay and that hold the receipt, lower case. */
  readonly paymentHeader: string;
  readonly receiptHeader: string;
  /** The challenge of a 402; `undefined` when it holds none of this version. */
  readDemand(answer: HttpAnswer): Parsed<Demand> | undefined;
  /** The value of the header that pays. */
  write(payment: PaymentMessage): string;
  read(header: string): Parsed<PaymentMessage> | undefined;
  /** The receipt in the words of v2; `undefined` when there is none that can be read. */
  readReceipt(answer: HttpAnswer): SettleResponse | undefined;
}

/** As in a v2 challenge, except that one malformed entry does not hide the others. */
const demandV2 = paymentRequiredSchema.extend({ accepts: z.array(z.unknown()) });
const demandV1 = paymentRequiredV1Schema.extend({
  error: z.string().optional(),
  accepts: z.array(z.unknown()),
});

const v2: BuyerDialect = {
  x402Version: 2,
  paymentHeader: x402V2Headers.payment,
  receiptHeader: x402V2Headers.receipt,
  readDemand: ({ headers }) => {
    const header = headers[x402V2Headers.challenge];
    if (header === undefined) return undefined;
    const json = fromBase64Json(String(header));
    const demand = json.ok
      ? bounded(json.value, (message) => parseWith(demandV2, message, "invalid_payload"))
      : json;
    if (!demand.ok) return demand;
    const { accepts, ...message } = demand.value;
    return understood({ ...message, entries: accepts.map(entryV2) });
  },
  write: (payment) => (payment.x402Version === 2 ? onlyHeader(x402V2.writePayment(payment)) : ""),
  read: (header) => x402V2.readPayment({ [x402V2Headers.payment]: header }),
  readReceipt: (answer) => {
    const receipt = x402V2.readReceipt(answer);
    return receipt?.ok ? receipt.value : undefined;
  },
};

const v1: BuyerDialect = {
  x402Version: 1,
  paymentHeader: x402V1Headers.payment,
  receiptHeader: x402V1Headers.receipt,
  readDemand: ({ body }) => {
    const message = jsonOf(body);
    if (!isV1(message)) return undefined;
    const demand = bounded(message, (json) => parseWith(demandV1, json, "invalid_payload"));
    if (!demand.ok) return demand;
    const { error, accepts } = demand.value;
    return understood({ x402Version: 1, error, entries: accepts.map(entryV1) });
  },
  write: (payment) => (payment.x402Version === 1 ? onlyHeader(x402V1.writePayment(payment)) : ""),
  read: (header) => x402V1.readPayment({ [x402V1Headers.payment]: header }),
  readReceipt: (answer) => {
    const receipt = x402V1.readReceipt(answer);
    if (receipt?.ok !== true) return undefined;
    return { ...receipt.value, network: networkOfV1Name(receipt.value.network) ?? "" };
  },
};

/** Newest first: where a 402 asks in both, the newer is paid. */
export const buyerDialects: readonly BuyerDialect[] = [v2, v1];

/** The dialect of a version. */
export function dialectOf(x402Version: 1 | 2): BuyerDialect {
  return x402Version === 2 ? v2 : v1;
}

function entryV2(entry: unknown): Parsed<OfferedEntry> {
  const parsed = parseWith(paymentRequirementsSchema, entry, "invalid_payment_requirements");
  if (!parsed.ok) return parsed;
  const { network: networkAsOffered } = parsed.value;
  return understood({ x402Version: 2, requirements: parsed.value, networkAsOffered });
}

function entryV1(entry: unknown): Parsed<OfferedEntry> {
  const parsed = parseWith(paymentRequirementsV1Schema, entry, "invalid_payment_requirements");
  if (!parsed.ok) return parsed;
  const requirements = requirementsFromV1(parsed.value);
  if (!requirements.ok) return requirements;
  const { network, outputSchema } = parsed.value;
  return understood({
    x402Version: 1,
    requirements: requirements.value,
    networkAsOffered: network,
    outputSchema,
  });
}

/** A challenge goes back to the seller, and deep nesting would end the encoder. */
const deepestNesting = 64;

function bounded<T>(message: unknown, read: (message: unknown) => Parsed<T>): Parsed<T> {
  if (isDeeper(message, deepestNesting))
    return refused("invalid_payload", `nested deeper than ${deepestNesting} levels`);
  return read(message);
}

function isDeeper(message: unknown, levels: number): boolean {
  if (typeof message !== "object" || message === null) return false;
  return levels === 0 || Object.values(message).some((value) => isDeeper(value, levels - 1));
}

function isV1(message: unknown): boolean {
  return (
    typeof message === "object" && message !== null && "x402Version" in message && message.x402Version === 1
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function onlyHeader({ headers }: { readonly headers: Readonly<Record<string, string>> }): string {
  return Object.values(headers).join("");
}
