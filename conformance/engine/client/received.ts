import { isUtf8 } from "node:buffer";
import type { IncomingHttpHeaders } from "node:http";
import { type Address, type Hex, toHex } from "viem";
import { readAuthorization, type SignedAuthorization } from "../../oracles/authorization.ts";
import { type ReceivedPermit, readPermit } from "../../oracles/received-permit.ts";
import { field, type JsonObject, readPayment } from "../../oracles/wire/index.ts";
import type { ProtocolId } from "../../requirements/index.ts";
import { dialects } from "../dialect.ts";

/** Who received a request: the shop itself, or the other host that it sent the client to. */
export type Host = "shop" | "stranger";

/** A request as it came in. Header names are lower case. */
export interface Received {
  readonly host: Host;
  /** When its head was there, Unix milliseconds. */
  readonly at: number;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  /** In hex if it is no text. */
  readonly body: string;
  /** Every payment that it carries: one header or, wrongly, two. */
  readonly payments: readonly SeenPayment[];
}

/** What a request says, be it as a client was told or as it came in. Header names are lower case. */
export type RequestText = Pick<Received, "method" | "target" | "headers" | "body">;

/** A payment as it came in. */
export interface SeenPayment {
  /** When the head of its request was there, Unix milliseconds. */
  readonly at: number;
  /** The version whose header carries it. */
  readonly protocol: ProtocolId;
  /** The header's value. */
  readonly header: string;
  /** What was wrong with it, if it could not be read to the end. */
  readonly problem?: string;
  readonly envelope?: JsonObject;
  /** What the payer signed: an authorization by EIP-3009, */
  readonly authorization?: SignedAuthorization;
  /** or a permit for Permit2. */
  readonly permit?: ReceivedPermit;
}

/** The bounds of what a payer signed, in the words of neither method. Amount in atomic units, time in Unix seconds. */
export interface Bounds {
  readonly from: Address;
  readonly to: Address;
  /** The most that can be taken. */
  readonly value: bigint;
  readonly validBefore: bigint;
  readonly nonce: Hex;
}

/** What can be taken with a payment; `undefined` when it cannot be read. */
export function boundsOf({ authorization, permit }: SeenPayment): Bounds | undefined {
  if (permit === undefined) return authorization;
  const { permitted, from, witness, deadline, nonce } = permit;
  return { from, to: witness.to, value: permitted.amount, validBefore: deadline, nonce: toHex(nonce) };
}

/** Reads the payments that a request carries. */
export function paymentsIn(headers: Readonly<Record<string, string>>, at: number): readonly SeenPayment[] {
  return Object.values(dialects).flatMap(({ protocol, paymentHeader }) => {
    const header = headers[paymentHeader];
    return header === undefined ? [] : [{ at, protocol, header, ...understood(header) }];
  });
}

function understood(header: string): Omit<SeenPayment, "at" | "protocol" | "header"> {
  const reading = readPayment(header);
  if (reading.kind === "malformed") return { problem: reading.problem };
  const envelope = reading.payment;
  const payload = field(envelope, "payload");
  if (field(payload, "permit2Authorization") !== undefined) {
    const reading = readPermit(payload);
    return reading.kind === "malformed"
      ? { envelope, problem: reading.problem }
      : { envelope, permit: reading.permit };
  }
  const signed = readAuthorization(payload);
  return signed.kind === "malformed"
    ? { envelope, problem: signed.problem }
    : { envelope, authorization: signed.authorization };
}

/** A body as {@link Received} has it. */
export function bodyText(bytes: Buffer): string {
  return bytes.toString(isUtf8(bytes) ? "utf8" : "hex");
}

/** Node's headers with every value as one text. */
export function flatHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
    ),
  );
}
