import { isAddressEqual } from "viem";
import { describeJson, field, isJsonObject, type Json } from "../../oracles/wire/index.ts";
import { holdAgainst } from "../exchange.ts";
import { Difference, Finding } from "../finding.ts";
import { type Cause, reasons } from "./reasons.ts";
import type { Reply, ReplyCheck } from "./reply.ts";

/** Said yes: `isValid: true` from /verify, `success: true` with a transaction from /settle. */
export const accepted: ReplyCheck = (reply) => {
  const { field: name, value } = verdictOf(reply);
  if (value !== true) throw new Finding(`The payment was not accepted.`, `${name}: true`, told(reply));
  if (name === "success" && !isHash(field(reply.json, "transaction"))) {
    throw new Finding(
      "A settlement names no transaction.",
      "transaction: a 32-byte hash",
      describeJson(field(reply.json, "transaction")),
    );
  }
};

/**
 * Said no, as an answer and not by breaking: `isValid: false` or `success: false`, or a 4xx. Another code than the
 * specification's for any of the causes is a difference.
 */
export function refused(...causes: readonly Cause[]): ReplyCheck {
  return (reply) => {
    const { field: name, value } = verdictOf(reply);
    if (value === true) throw new Finding("The payment was accepted.", `${name}: false`, told(reply));
    if (value !== false && reply.answer.status < 400) {
      throw new Finding("The answer is no verdict.", `${name}: false`, told(reply));
    }
    return holdAgainst(reply, [survived, ...(causes.length > 0 ? [hasCodeFor(causes)] : [])]);
  };
}

/** What the protocol leaves open: a settlement like any other, or a refusal that moves nothing. */
export const settledOrRefused: ReplyCheck = async (reply) => {
  await holdAgainst(
    reply,
    field(reply.json, "success") === true ? [accepted, moved(1)] : [refused(), moved(0)],
  );
};

/**
 * Any answer but a crash: below 500. No rule names the status of a refusal: one that is told as a whole under another
 * status is a difference.
 */
export const survived: ReplyCheck = (reply) => {
  if (reply.answer.status < 500) return;
  const { field: name, value } = verdictOf(reply);
  if (value !== false)
    throw new Finding("The facilitator broke instead of answering.", "a verdict, or 4xx", told(reply));
  throw new Difference(
    `${name}: false comes with the status of a crash: a seller may take it for an outage.`,
    "a status below 500",
    told(reply),
  );
};

/** No status of 500 and more, whatever the body says. */
export const noServerError: ReplyCheck = (reply) => {
  if (reply.answer.status < 500) return;
  throw new Finding("The facilitator breaks on it.", "a status below 500", told(reply));
};

/** Exactly `count` transfers left the payer, each of the order's amount and to its payTo. */
export function moved(count: number): ReplyCheck {
  return async ({ transfers, order }) => {
    const found = await transfers();
    const right = found.filter(
      ({ to, value }) => order === undefined || (isAddressEqual(to, order.payTo) && value === order.amount),
    );
    if (found.length === count && right.length === count) return;
    const seen = found.map(({ value, to }) => `${value} to ${to}`).join(", ");
    throw new Finding(
      "The chain shows other transfers than there must be.",
      `${count} transfer(s)${order === undefined ? "" : ` of ${order.amount} to ${order.payTo}`}`,
      seen || "none",
    );
  };
}

/** No transaction with the payer's authorization was sent, not even one that failed. */
export const nothingBroadcast: ReplyCheck = async ({ broadcasts }) => {
  const sent = await broadcasts();
  if (sent.length === 0) return;
  throw new Finding("A transaction was sent.", "none", sent.map(({ hash }) => hash).join(", "));
};

/** A field of the reply is as `holds` says; `expected` puts that in words. */
export function replies(
  name: string,
  expected: string,
  holds: (value: Json | undefined, reply: Reply) => boolean,
): ReplyCheck {
  return (reply) => {
    const value = field(reply.json, name);
    if (holds(value, reply)) return;
    throw new Finding(`${name} is not as it must be.`, `${name}: ${expected}`, describeJson(value));
  };
}

/** The HTTP status is one of these. */
export function httpStatus(...allowed: readonly number[]): ReplyCheck {
  return ({ answer }) => {
    if (allowed.includes(answer.status)) return;
    throw new Finding("Another HTTP status.", `status ${allowed.join(" or ")}`, `status ${answer.status}`);
  };
}

/** The body is a JSON object. */
export const isObject: ReplyCheck = ({ json, answer }) => {
  if (isJsonObject(json)) return;
  throw new Finding("The answer is no JSON object.", "a JSON object", answer.body.slice(0, 200) || "(empty)");
};

/** What a reply says, in one line for a report. */
export function told({ answer }: Reply): string {
  return `status ${answer.status}, ${answer.body.slice(0, 300) || "(empty body)"}`;
}

/** The reason that a refusal gives. */
export function reasonOf({ json }: Reply): Json | undefined {
  return field(json, "invalidReason") ?? field(json, "errorReason");
}

function verdictOf({ request, json }: Reply): { field: "isValid" | "success"; value: Json | undefined } {
  const name = request.target.endsWith("/settle") ? "success" : "isValid";
  return { field: name, value: field(json, name) };
}

function hasCodeFor(causes: readonly Cause[]): ReplyCheck {
  const spec = causes.flatMap((cause): readonly string[] => reasons[cause].spec);
  const inUse = causes.flatMap((cause): readonly string[] => reasons[cause].inUse);
  return (reply) => {
    const reason = reasonOf(reply);
    // Whether there is a reason at all is a rule of its own.
    if (reason === undefined) return;
    const code = typeof reason === "string" ? reason : "";
    if (spec.includes(code)) return;
    const usual = inUse.includes(code) ? ", as some others do" : "";
    throw new Difference(
      `Refused, but not with the specification's code${usual}.`,
      spec.join(" or "),
      describeJson(reason),
    );
  };
}

function isHash(value: Json | undefined): boolean {
  return typeof value === "string" && /^0x[0-9a-fA-F]{64}$/.test(value);
}
