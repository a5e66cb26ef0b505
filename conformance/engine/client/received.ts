import type { IncomingHttpHeaders } from "node:http";
import { readAuthorization, type SignedAuthorization } from "../../oracles/authorization.ts";
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
  readonly authorization?: SignedAuthorization;
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
  const signed = readAuthorization(field(envelope, "payload"));
  return signed.kind === "malformed"
    ? { envelope, problem: signed.problem }
    : { envelope, authorization: signed.authorization };
}

/** Node's headers with every value as one text. */
export function flatHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
    ),
  );
}
