import { rules } from "../requirement.ts";

/** Rules for facilitators: discovery and extensions. */
export const discoveryRules = rules("facilitator", "x402@2", [
  ["F-BZ-01", "MUST", "bazaar: validate info against schema before cataloging.", "BAZ Schema Validation"],
  [
    "F-BZ-02",
    "MUST",
    "bazaar: routeTemplate validated (charset, no '..', no '://' after percent-decoding), else fall back to the concrete path.",
    "BAZ routeTemplate Validation Rules",
  ],
  ["F-BZ-03", "MUST", "bazaar: MCP entries keyed by (resource.url, tool).", "BAZ Tools"],
  [
    "F-BZ-04",
    "MUST*",
    "bazaar: failed cataloging does not fail payment.",
    "BAZ (outcome reported in a header)",
  ],
  [
    "F-DS-01",
    "MUST*",
    "discovery: limit 1–100 default 20, offset default 0, pagination echoes them.",
    "V2 §8.1",
  ],
  [
    "F-DS-02",
    "MUST",
    "discovery: items have resource, type, x402Version, accepts, lastUpdated (number per spec; newer implementations ISO string).",
    "V2 §8.2",
  ],
  ["F-ID-01", "MAY", "payment-identifier used for verify/settle idempotency.", "PID Responsibilities"],
]);
