import { rules } from "../requirement.ts";

/** Rules for sellers: other schemes, extensions and transports. */
export const extensionRules = rules("seller", "x402@2", [
  [
    "S-UP-01",
    "MUST",
    "upto: settle amount sent to the facilitator is ≤ the authorized maximum.",
    "UP §4, §5",
  ],
  ["S-UP-02", "MUST", "upto: settle call puts the actual charge in paymentRequirements.amount.", "UP §5"],
  [
    "S-UP-03",
    "MAY",
    'upto: actual charge is 0, with transaction "" and no chain transaction.',
    "UP §4; UPE Phase 4",
  ],
  ["S-UP-04", "MUST", "upto: PAYMENT-RESPONSE contains `amount`.", "UPE §3"],
  [
    "S-BS-01",
    "MUST",
    "batch-settlement: success carries a non-empty commitment identifier.",
    "BS Commitment identifier",
  ],
  [
    "S-EXT-01",
    "MUST",
    "SIWX: nonce is server-made, 32 hex characters, unique per challenge.",
    "SIWX Message Metadata, Security",
  ],
  [
    "S-EXT-02",
    "MUST",
    "SIWX: proof refused when domain ≠ request host, or uri outside the origin.",
    "SIWX Verification §2",
  ],
  [
    "S-EXT-03",
    "MUST",
    "SIWX: proof refused when issuedAt is in the future or older than the limit (5 min).",
    "SIWX Verification §2",
  ],
  [
    "S-EXT-04",
    "MUST",
    "SIWX: proof refused when expirationTime is past or notBefore is in the future.",
    "SIWX Verification §2",
  ],
  ["S-EXT-05", "SHOULD", "SIWX: used nonces are remembered, replay refused.", "SIWX Verification §2"],
  [
    "S-EXT-06",
    "MUST",
    "SIWX: signature must recover/verify for the claimed address and chain.",
    "SIWX Verification §3",
  ],
  [
    "S-EXT-07",
    "MUST",
    "offer-receipt: offers/receipts use the canonical EIP-712 types and never transmit them.",
    "OR §3.2.1",
  ],
  ["S-EXT-08", "MUST", "offer-receipt: v1 network names converted to CAIP-2 in payloads.", "OR §4.2, §5.2"],
  ["S-EXT-09", "MUST*", "offer-receipt: a receipt is emitted only after success.", "OR §5.1"],
  [
    "S-EXT-12",
    "MUST*",
    "offer-receipt: every offer states scheme, network, asset, payTo and amount of an entry of `accepts`.",
    "OR §4, §4.1",
  ],
  [
    "S-EXT-10",
    "MUST*",
    "EXTENSION-RESPONSES is facilitator→seller and not forwarded to the buyer.",
    "NEW §7.2.1 (Apr BAZ text says 'client')",
  ],
  [
    "S-EXT-11",
    "MUST",
    "bazaar: declared info validates against its schema (2020-12) and defines `input`.",
    "BAZ Schema Validation",
  ],
  [
    "S-MCP-01",
    "MUST",
    "MCP: payment demand is a tool result with isError:true, in structuredContent and content[0].text, identical.",
    "MCP2 Server Requirements",
  ],
  [
    "S-MCP-02",
    "MUST*",
    "MCP: after a failed settlement the tool's content is not returned.",
    "MCP2 Settlement Failure",
  ],
]);
