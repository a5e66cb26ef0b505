import type { Parsed } from "./parsed.ts";

/** Headers as Node, fetch and Fastify give them: lower-case names; a header sent twice is an array. */
export type HeaderMap = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The parts of an HTTP answer that can carry a challenge or a receipt. `body` is the text as received. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: HeaderMap;
  readonly body: string;
}

/** A message written onto HTTP: headers to set and, where the dialect puts it there, a body. */
export interface HttpParts {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * The door that every dialect of HTTP 402 offers, so that seller, client and engine are written once. A reader
 * answers `undefined` when the message carries nothing of this dialect, and a refusal when it carries something
 * malformed.
 */
export interface Dialect<Challenge, Payment, Receipt> {
  /** e.g. `x402@2`, as on the command line. */
  readonly id: string;
  writeChallenge(challenge: Challenge): HttpParts;
  readChallenge(answer: HttpAnswer): Parsed<Challenge> | undefined;
  writePayment(payment: Payment): HttpParts;
  readPayment(headers: HeaderMap): Parsed<Payment> | undefined;
  writeReceipt(receipt: Receipt): HttpParts;
  readReceipt(answer: HttpAnswer): Parsed<Receipt> | undefined;
}
