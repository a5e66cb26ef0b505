import type { ZodType } from "zod";
import type { ErrorReason } from "./error-reasons.ts";

/** Why a message from outside was refused: the protocol's code, where in the message, and what was expected. */
export interface ProtocolError {
  readonly code: ErrorReason;
  readonly message: string;
  /** Dotted path of the first offending field, `""` for the message as a whole. */
  readonly path: string;
}

/** A message from outside: understood, or refused with a reason. Parsing never throws. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ProtocolError };

/** Wraps an understood value. */
export function understood<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

/** Builds a refusal. */
export function refused(code: ErrorReason, message: string, path = ""): Parsed<never> {
  return { ok: false, error: { code, message, path } };
}

/**
 * Checks `input` against `schema`; the first mismatch becomes the refusal, with `code`.
 *
 * @example
 * parseWith(paymentPayloadSchema, JSON.parse(text), "invalid_payload")
 */
export function parseWith<T>(schema: ZodType<T>, input: unknown, code: ErrorReason): Parsed<T> {
  const result = schema.safeParse(input);
  if (result.success) return understood(result.data);
  const issue = result.error.issues[0];
  const path = issue?.path.join(".") ?? "";
  const complaint = issue?.message ?? "malformed";
  return refused(code, path === "" ? complaint : `${path}: ${complaint}`, path);
}
