import { z } from "zod";
import { Problem } from "../problem.ts";
import {
  type Authorization,
  parseExactEvmPayload,
  parseExactPermit2Payload,
  paymentRequirementsSchema,
  type SettleResponse,
  settleResponseSchema,
  transferOf,
} from "../protocol/index.ts";
import { dialectOf } from "./dialects.ts";
import type { MoneyMoved, PaymentErrorCode } from "./payment-errors.ts";
import type { SignedPayment } from "./signed-payment.ts";

/** A purchase for which something is about to be signed. */
export interface Purchase {
  readonly idempotencyKey: string;
  /** Digest of the request. */
  readonly fingerprint: string;
  readonly url: string;
  /** What it may cost, atomic units: it counts against the budgets. */
  readonly amount: bigint;
}

/** What is remembered of a purchase from before its payment left the machine. */
export interface PaymentRecord extends Purchase {
  readonly payment: SignedPayment;
  /** `maybe` from the moment it was signed; then as the seller answered. */
  readonly moneyMoved: MoneyMoved;
  /** How the last presentation ended; absent when none ended: the process died, or it is under way. */
  readonly outcome?: string | undefined;
  readonly settlement?: SettleResponse | undefined;
}

/** How a presentation ended. */
export interface Conclusion {
  readonly moneyMoved: MoneyMoved;
  readonly outcome: "delivered" | PaymentErrorCode;
  readonly settlement: SettleResponse | undefined;
  /** What it cost, where that is less than what was signed for; atomic units. */
  readonly charged?: bigint | undefined;
}

const jsonText = z.string().transform((text): unknown => JSON.parse(text));

const rowSchema = z.object({
  idempotency_key: z.string(),
  fingerprint: z.string(),
  url: z.string(),
  amount: z.string(),
  x402_version: z.union([z.literal(1), z.literal(2)]),
  header: z.string(),
  requirements: jsonText.pipe(paymentRequirementsSchema),
  money_moved: z.enum(["no", "maybe", "yes"]),
  outcome: z.string().nullable(),
  settlement: z.union([z.null(), jsonText.pipe(settleResponseSchema)]),
});

/**
 * Reads a row of the table `payment` for which something was signed.
 *
 * @throws Problem `config` when the payment cannot be read
 */
export function readRow(row: unknown): PaymentRecord {
  const record = rowSchema.parse(row);
  const { idempotency_key: idempotencyKey, fingerprint, url, header, requirements } = record;
  return {
    idempotencyKey,
    fingerprint,
    url,
    amount: BigInt(record.amount),
    payment: { header, requirements, ...readPayment(record.x402_version, header) },
    moneyMoved: record.money_moved,
    outcome: record.outcome ?? undefined,
    settlement: record.settlement ?? undefined,
  };
}

function readPayment(x402Version: 1 | 2, header: string): Pick<SignedPayment, "message" | "authorization"> {
  const message = dialectOf(x402Version).read(header);
  const authorization = message?.ok ? transferIn(message.value.payload) : undefined;
  if (message?.ok !== true || authorization === undefined)
    throw new Problem("config", "The buyer's records hold a payment that cannot be read.");
  return { message: message.value, authorization };
}

function transferIn(payload: unknown): Authorization | undefined {
  const exact = parseExactEvmPayload(payload);
  if (exact.ok) return exact.value.authorization;
  // One of `upto` says the same, and more.
  const permit = parseExactPermit2Payload(payload);
  return permit.ok ? transferOf(permit.value.permit2Authorization) : undefined;
}
