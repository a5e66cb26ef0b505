import { Pool } from "undici";
import type { Address } from "viem";
import type { ZodType } from "zod";
import {
  addressSchema,
  type FacilitatorRequest,
  type Network,
  parseWith,
  type SettleResponse,
  type SupportedResponse,
  settleResponseSchema,
  supportedResponseSchema,
  verifyResponseSchema,
} from "../protocol/index.ts";
import { authorizationIn } from "./authorization.ts";
import { isUpto } from "./payment-method.ts";

/** Why the facilitator gave no usable answer. `detail` is for the log, never for the buyer. */
export interface FacilitatorFailure {
  readonly cause: "unreachable" | "timeout" | "server-error" | "malformed-reply";
  readonly detail: string;
}

/** The facilitator's opinion of a payment. */
export type Verification =
  | { readonly kind: "valid" }
  | { readonly kind: "invalid"; readonly reason: string }
  | { readonly kind: "unavailable"; readonly failure: FacilitatorFailure };

/** What became of the money. After `unknown` it may have moved, or may not. */
export type Settlement =
  | { readonly kind: "settled" | "failed" | "pending"; readonly receipt: SettleResponse }
  | { readonly kind: "unknown"; readonly failure: FacilitatorFailure };

/** The account that a facilitator settles `upto` with. */
export type UptoSettler =
  | { readonly kind: "known"; readonly settler: Address }
  | { readonly kind: "unavailable"; readonly failure: FacilitatorFailure };

/** A facilitator as the seller sees it. Its methods never throw. */
export interface FacilitatorClient {
  verify(order: FacilitatorRequest): Promise<Verification>;
  settle(order: FacilitatorRequest): Promise<Settlement>;
  /** Asked once, and again only where there was no answer of use. */
  uptoSettler(network: Network): Promise<UptoSettler>;
  close(): Promise<void>;
}

/** Milliseconds to wait for a whole answer; settling waits for the chain. */
export interface FacilitatorTimeouts {
  readonly verify: number;
  readonly settle: number;
}

const patience: FacilitatorTimeouts = { verify: 10_000, settle: 60_000 };
const largestReply = 262_144;

/**
 * Connects to a facilitator (x402 v2 §7); connections are kept open. Everything that is not a clear answer of the
 * right shape is `unavailable` or `unknown`: a 5xx, a reply that is not JSON, one without `isValid` or
 * `transaction`, a success with a client error's status.
 *
 * @param url base URL; `/verify` and `/settle` are appended to its path
 */
export function connectFacilitator(url: string, timeouts = patience): FacilitatorClient {
  const { origin, pathname } = new URL(url);
  const base = pathname.replace(/\/$/, "");
  const pool = new Pool(origin, { maxResponseSize: largestReply });
  let settler: Extract<UptoSettler, { kind: "known" }> | undefined;
  return {
    verify: async (order) => {
      const reply = await ask(pool, { path: `${base}/verify`, order }, verifyResponseSchema, timeouts.verify);
      return reply.ok ? verificationOf(reply) : unavailable(reply.failure);
    },
    settle: async (order) => {
      const reply = await ask(pool, { path: `${base}/settle`, order }, settleResponseSchema, timeouts.settle);
      return reply.ok ? settlementOf(reply, order) : { kind: "unknown", failure: reply.failure };
    },
    uptoSettler: async (network) => {
      if (settler !== undefined) return settler;
      const reply = await ask(pool, { path: `${base}/supported` }, supportedResponseSchema, timeouts.verify);
      const found = reply.ok ? uptoSettlerIn(reply.message, network) : unavailable(reply.failure);
      if (found.kind === "known") settler = found;
      return found;
    },
    close: () => pool.destroy(),
  };
}

interface Reply<T> {
  readonly ok: true;
  readonly status: number;
  readonly message: T;
}
type Lost = { readonly ok: false; readonly failure: FacilitatorFailure };

interface Call {
  readonly path: string;
  /** Sent with POST; without it, GET. */
  readonly order?: FacilitatorRequest;
}

async function ask<T>(
  pool: Pool,
  { path, order }: Call,
  schema: ZodType<T>,
  timeout: number,
): Promise<Reply<T> | Lost> {
  const accept = { accept: "application/json" };
  const question =
    order === undefined
      ? ({ method: "GET", headers: accept } as const)
      : ({
          method: "POST",
          headers: { "content-type": "application/json", ...accept },
          body: JSON.stringify(order),
        } as const);
  try {
    const answer = await pool.request({ path, ...question, signal: AbortSignal.timeout(timeout) });
    const text = await answer.body.text();
    if (answer.statusCode >= 500)
      return lost("server-error", `${path} answered ${answer.statusCode}: ${text.slice(0, 200)}`);
    return read(text, answer.statusCode, path, schema);
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    const detail = error instanceof Error ? error.message : String(error);
    return lost(name === "TimeoutError" ? "timeout" : "unreachable", `${path}: ${detail}`);
  }
}

function read<T>(text: string, status: number, path: string, schema: ZodType<T>): Reply<T> | Lost {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return lost("malformed-reply", `${path} answered ${status} with text that is not JSON`);
  }
  const message = parseWith(schema, json, "invalid_payload");
  if (!message.ok) return lost("malformed-reply", `${path} answered ${status}: ${message.error.message}`);
  return { ok: true, status, message: message.value };
}

function verificationOf({
  status,
  message,
}: Reply<{ isValid: boolean; invalidReason?: string | undefined }>): Verification {
  if (!message.isValid)
    return { kind: "invalid", reason: code(message.invalidReason, "unexpected_verify_error") };
  if (isSuccess(status)) return { kind: "valid" };
  return { kind: "unavailable", failure: contradiction("isValid:true", status) };
}

function settlementOf({ status, message }: Reply<SettleResponse>, order: FacilitatorRequest): Settlement {
  const { network } = order.paymentRequirements;
  const charged = chargedBy(order);
  const { success, payer = payerOf(order), transaction, amount = charged, extensions } = message;
  const receipt = { success, payer, transaction, network, amount, extensions };
  if (!success) {
    const errorReason = code(message.errorReason, "unexpected_settle_error");
    const kind = errorReason === "settlement_pending" ? "pending" : "failed";
    return { kind, receipt: { ...receipt, errorReason } };
  }
  if (!isSuccess(status)) return { kind: "unknown", failure: contradiction("success:true", status) };
  if (transaction === "" && charged !== "0")
    return { kind: "unknown", failure: malformed("success:true without a transaction") };
  if (message.network !== "" && message.network !== network) {
    return {
      kind: "unknown",
      failure: malformed(`success:true on ${message.network}, asked for ${network}`),
    };
  }
  return { kind: "settled", receipt };
}

/** A receipt names the payer, which v1 requires, even if the facilitator does not. */
function payerOf({ paymentPayload, paymentRequirements }: FacilitatorRequest): string | undefined {
  const authorization = authorizationIn(paymentPayload, paymentRequirements);
  return authorization.ok ? authorization.value.from : undefined;
}

/** What a receipt has to tell of a scheme that leaves it open; nothing is charged without a transaction (upto on EVM, §3, phase 4). */
function chargedBy({ paymentRequirements }: FacilitatorRequest): string | undefined {
  return isUpto(paymentRequirements) ? paymentRequirements.amount : undefined;
}

function uptoSettlerIn({ kinds }: SupportedResponse, network: Network): UptoSettler {
  const kind = kinds.find((one) => one.x402Version === 2 && isUpto(one) && one.network === network);
  const settler = addressSchema.safeParse(kind?.extra?.facilitatorAddress);
  if (settler.success) return { kind: "known", settler: settler.data };
  return unavailable(malformed(`/supported names no facilitatorAddress for upto on ${network}`));
}

function unavailable(failure: FacilitatorFailure): { kind: "unavailable"; failure: FacilitatorFailure } {
  return { kind: "unavailable", failure };
}

/** A reason is passed on when it is a code; free text may tell of the facilitator's insides. */
function code(reason: string | undefined, otherwise: string): string {
  return reason !== undefined && /^[\w.:-]{1,100}$/.test(reason) ? reason : otherwise;
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function contradiction(claim: string, status: number): FacilitatorFailure {
  return malformed(`${claim} with status ${status}`);
}

function malformed(detail: string): FacilitatorFailure {
  return { cause: "malformed-reply", detail };
}

function lost(cause: FacilitatorFailure["cause"], detail: string): Lost {
  return { ok: false, failure: { cause, detail } };
}
