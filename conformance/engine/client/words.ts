import { decodeBase64Text, field } from "../../oracles/wire/index.ts";
import type { Observed } from "./observed.ts";
import { boundsOf, type SeenPayment } from "./received.ts";

/** Every payment that came in, in the order of the requests. */
export function paymentsOf({ requests }: Observed): readonly SeenPayment[] {
  return requests.flatMap(({ payments }) => payments);
}

/** What the client's caller was told, cut to what a reader needs. */
export function words({ outcome }: Pick<Observed, "outcome">): string {
  const said =
    outcome.kind === "unseen" ? "" : gist(outcome.said).replaceAll(/\s+/g, " ").trim().slice(0, 200);
  return said === "" ? outcome.summary : `${outcome.summary}: ${said}`;
}

/** Of a program that died of an error: the error's own line, without the trace and the source around it. */
function gist(said: string): string {
  const ofPython = afterTraceback(said);
  if (ofPython !== undefined) return ofPython;
  if (!/^\s+at .+:\d+/m.test(said)) return firstParagraph(said);
  return (
    said.split("\n").findLast((line) => /^(Uncaught )?[\w.$]*(Error|Exception)\b[^:]*: /.test(line)) ?? said
  );
}

/** Of Python's, the first line after the last trace that does not belong to it, e.g. `x402pay.Refused: too dear`. */
function afterTraceback(said: string): string | undefined {
  const lines = said.split("\n");
  const last = lines.findLastIndex((line) => line.startsWith("Traceback "));
  return last < 0 ? undefined : lines.slice(last + 1).find((line) => /^\S/.test(line));
}

/** What stands after it is the errors and answers that the first one holds, or a program's other words. */
function firstParagraph(said: string): string {
  return said
    .trim()
    .split(/\n\s*\n/, 1)
    .join();
}

/** What the shop asks for, in a few words. */
export function terms({ price, payTo }: Observed): string {
  return `${price} to ${payTo}`;
}

/** What the shop's entries ask for, each in a few words, of either version. */
export function asked({ offered }: Pick<Observed, "offered">): string {
  const entries = offered.map((entry) => {
    const { scheme, network, asset, amount = entry.maxAmountRequired, extra = null } = entry;
    const method = field(extra, "assetTransferMethod");
    const how = method === undefined ? [scheme] : [scheme, method];
    return `${String(amount)} of ${String(asset)} on ${String(network)} (${how.map(String).join(", ")})`;
  });
  return [...new Set(entries)].join(", or ") || "what it asks for";
}

/** A payment in a few words. */
export function told(payment: SeenPayment | undefined): string {
  if (payment === undefined) return "none";
  const bounds = boundsOf(payment);
  if (bounds === undefined) return unreadable(payment);
  const { value, to, validBefore, nonce } = bounds;
  return `${value} to ${to}${byWhom(payment)}, valid until ${validBefore}, nonce ${nonce.slice(0, 10)}…`;
}

function unreadable({ header, envelope, problem = "for no known reason" }: SeenPayment): string {
  const lead = `a payment that cannot be read, ${problem}`;
  if (envelope !== undefined) return lead;
  const decoded = decodeBase64Text(header);
  return `${lead}: ${(decoded.kind === "text" ? decoded.text : header).slice(0, 200)}`;
}

/** Who may take it, where that is not everybody. */
function byWhom({ permit }: SeenPayment): string {
  if (permit === undefined) return "";
  const { spender, witness } = permit;
  return witness.facilitator === undefined
    ? ` by ${spender}`
    : ` by ${spender} for the facilitator ${witness.facilitator}`;
}

/** How much, and for how long it can be taken. */
export function sum(payment: SeenPayment): string {
  const bounds = boundsOf(payment);
  if (bounds === undefined) return "in a way that cannot be read.";
  const seconds = bounds.validBefore - BigInt(Math.floor(payment.at / 1000));
  return `${bounds.value} atomic units, to be taken within ${seconds} s.`;
}
