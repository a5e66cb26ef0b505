import type { IncomingMessage } from "node:http";
import type { Mutant } from "../mutant.ts";
import { aroundThePaywall } from "./around.ts";

/** Sellers that believe what a request says of itself. */
export const claimMutants: readonly Mutant[] = [
  believing("crawlers-read-free", "Lets search engines in, by their User-Agent.", ({ headers }) =>
    /googlebot/i.test(headers["user-agent"] ?? ""),
  ),
  believing("health-checks-are-free", "Lets health checks through, by their User-Agent.", ({ headers }) =>
    /kube-probe/i.test(headers["user-agent"] ?? ""),
  ),
  believing(
    "believes-x-forwarded-for",
    "Lets its own machine in, and takes the address from X-Forwarded-For.",
    ({ headers }) => headers["x-forwarded-for"] === "127.0.0.1",
  ),
  believing("localhost-is-internal", "Takes a request for localhost for one of its own.", ({ headers }) =>
    /^localhost\b/.test(headers.host ?? ""),
  ),
  believing(
    "skips-its-own-middleware",
    "Skips the paywall for what looks like a call of the framework's own (CVE-2025-29927).",
    ({ headers }) => headers["x-middleware-subrequest"] !== undefined,
  ),
  believing(
    "any-bearer-is-a-subscriber",
    "Takes whoever sends an Authorization header for a subscriber.",
    ({ headers }) => headers.authorization !== undefined,
  ),
  believing(
    "a-receipt-is-a-ticket",
    "Takes a receipt that the client sends for the proof that it has paid.",
    ({ headers }) => headers["payment-response"] !== undefined,
  ),
  believing(
    "preflights-by-their-header",
    "Takes every request with Access-Control-Request-Method for a preflight.",
    ({ method, headers }) => method === "GET" && headers["access-control-request-method"] !== undefined,
  ),
  believing(
    "prefetching-is-free",
    "Asks no money of a browser that fetches ahead.",
    ({ headers }) => headers["sec-purpose"] !== undefined,
  ),
  believing(
    "parts-are-free",
    "Answers Range requests before the paywall.",
    ({ headers }) => headers.range !== undefined,
  ),
  believing(
    "upgrades-are-unguarded",
    "Skips the paywall for what wants to become a WebSocket.",
    ({ headers }) => headers.upgrade !== undefined,
  ),
  aroundThePaywall({
    id: "options-runs-the-handler",
    breaks: "Lets OPTIONS through for CORS, and its router hands that to the paid handler.",
    caughtBy: [
      "seller.access.options-opens-nothing",
      "seller.access.method-override-to-the-paid-one",
      "seller.challenge.preflight-lets-pages-pay",
    ],
    isTaken: ({ method, url }) => method === "OPTIONS" && url?.startsWith("/weather?") === true,
  }),
  aroundThePaywall({
    id: "posts-become-gets",
    breaks: "Lets POST through, which costs nothing, and turns it into a GET when a header says so.",
    caughtBy: ["seller.access.method-override-to-the-paid-one"],
    isTaken: ({ method, url, headers }) =>
      method === "POST" &&
      headers["x-http-method-override"] === "GET" &&
      url?.startsWith("/weather?") === true,
  }),
  aroundThePaywall({
    id: "free-prefix-then-dots",
    breaks: "Exempts paths that begin with a free one before it removes dot segments.",
    caughtBy: ["seller.access.behind-a-free-path"],
    isTaken: ({ url }) => /^\/free\/(\.\.|%2e%2e)\/weather\?/i.test(url ?? ""),
  }),
  aroundThePaywall({
    id: "free-path-anywhere",
    breaks: "Exempts every URL in which a free path stands, be it in the query.",
    caughtBy: ["seller.access.behind-a-free-path"],
    isTaken: ({ url }) => /^\/weather\?.*\/free/.test(url ?? ""),
  }),
  aroundThePaywall({
    id: "dot-at-the-end-is-unguarded",
    breaks: "Does not remove a dot segment at the end of the path, as its router does.",
    caughtBy: ["seller.access.path-variants"],
    isTaken: ({ url }) => url?.startsWith("/weather/.?") === true,
  }),
];

/** Lets requests for what is sold in that make one claim. */
function believing(id: string, breaks: string, claims: (request: IncomingMessage) => boolean): Mutant {
  return aroundThePaywall({
    id,
    breaks,
    caughtBy: ["seller.access.claims-open-nothing"],
    isTaken: (request) => request.url?.startsWith("/weather?") === true && claims(request),
  });
}
