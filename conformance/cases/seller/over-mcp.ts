import { matchesGlob } from "node:path";

/**
 * Cases that hold word for word for a tool that is paid over MCP: what they look at is the challenge's content, the
 * payment's, the chain, or what the facilitator was asked. Those about HTTP itself are left out: headers and their
 * encoding, methods, paths, queries, caches, pages, streams.
 */
const heldOverMcp: readonly string[] = [
  "seller.mcp.*",
  ...[
    "version-is-the-number-2",
    "resource-has-url",
    "accepts-is-an-array",
    "accepts-something",
    "gives-nothing-away",
    "terms-are-stable",
    "entry-fields-are-strings",
    "network-is-caip2",
    "amount-is-atomic",
    "timeout-is-a-number",
    "domain-is-given",
    "domain-is-the-tokens-own",
    "addresses",
    "error-is-a-string",
    "extensions-*",
  ].map((name) => `seller.challenge.${name}`),
  ...[
    "served",
    "brings-something",
    "settled-once-at-the-price",
    "settled-before-delivery",
    "handler-failure-is-not-charged",
    "failure-leaves-the-authorization-unspent",
    "other-request-served",
    "receipt",
    "receipt-*",
    "valid-since-ever",
    "keys-in-any-order",
    "addresses-in-lower-case",
    "whatever-it-accepts",
    "same-nonce-of-another-payer",
  ].map((name) => `seller.retry.${name}`),
  "seller.access.claims-open-nothing",
  "seller.access.kept-answers-open-nothing",
  "seller.access.free-is-free",
  "seller.authorization.*",
  "seller.terms.*",
  "seller.settlement.*",
  "seller.chain.*",
  "seller.load.*",
  "seller.refusal.*",
  "seller.validate.*",
  "seller.extensions.*",
  ...[
    "array",
    "bare-string",
    "bare-number",
    "empty-object",
    "version-missing",
    "version-with-a-fraction",
    "other-version",
    "accepted-*",
    "payload-*",
    "authorization-null",
    "time-in-words",
    "odd-*",
  ].map((name) => `seller.malformed.${name}`),
  ...[
    "same-payment-twice",
    "*-at-once",
    "losers-get-nothing",
    "other-route*",
    "dearer-route",
    "after-*",
    "rewrapped-with-*",
  ].map((name) => `seller.replay.${name}`),
  "seller.permit2.*",
  "seller.upto.*",
];

/** Among them, those that are about HTTP all the same. */
const butNot: readonly string[] = [
  // A restart ends the session, of which the bridge knows nothing.
  "seller.*.after-restart",
  "seller.terms.claimed-before-any-challenge",
  "seller.settlement.fails-closed-on-supported-lies",
  "seller.*.head-is-not-served",
  // A status of its own says that an allowance is missing.
  "seller.*.without-allowance",
  "seller.*.permit-elsewhere",
  "seller.*.unspent-permit-elsewhere",
  "seller.replay.two-queries-at-once",
  "seller.settlement.failure-withholds-the-handlers-headers",
  "seller.*.failed-settlement-withholds-the-handlers-headers",
  // Over MCP, a settlement that failed is told with the terms, and may be told without a receipt.
  "seller.settlement.failure-asks-for-nothing",
  "seller.settlement.failure-has-a-receipt",
  "seller.*.failed-settlement",
  "seller.chain.front-run",
  "seller.settlement.hanging-up-leaves-a-way-back",
  "seller.settlement.keeps-*-extension-responses",
];

/** Whether a case of the seller suite holds for a tool that is paid over MCP. */
export function holdsOverMcp(id: string): boolean {
  const isOneOf = (globs: readonly string[]) => globs.some((glob) => matchesGlob(id, glob));
  return isOneOf(heldOverMcp) && !isOneOf(butNot);
}
