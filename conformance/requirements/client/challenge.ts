import { rules } from "../requirement.ts";

/** Rules for clients: how a challenge is read, and what of it is paid. */
export const challengeRules = rules("client", "x402@2", [
  [
    "C-CH-01",
    "MUST",
    "On 402 the client reads PAYMENT-REQUIRED and decodes base64 JSON.",
    "H2 Payment Required Signaling",
  ],
  ["C-CH-02", "MUST*", "With a v2 header present, body content is irrelevant.", "H2 Response Body"],
  ["C-CH-03", "REF", "A v2 challenge only in the body is not accepted; a v1 body (x402Version 1) is.", ""],
  [
    "C-CH-04",
    "MUST*",
    "Malformed base64 or JSON in PAYMENT-REQUIRED ⇒ error to the caller, nothing signed.",
    "V2 §4",
  ],
  ["C-CH-05", "MUST*", "Unknown x402Version ⇒ nothing signed.", "V2 §5.1.2"],
  ["C-CH-06", "MUST*", "Empty `accepts` or no supported entry ⇒ nothing signed, clear error.", "V2 §5.1.2"],
  ["C-CH-07", "MUST*", "Unsupported entries are skipped and a later supported one is used.", "V2 §5.1.2"],
  ["C-CH-08", "MUST", "An entry with an unrecognized paymentFlow is not paid.", "NEW §6.1"],
  ["C-CH-09", "SHOULD", "Given several flows the client prefers `authorization`.", "NEW §6.1"],
  ["C-CH-10", "MUST*", "A challenge lacking the Required `resource` is rejected.", "V2 §5.1.2"],
  [
    "C-CH-11",
    "MUST*",
    "An `amount` that is a JSON number, decimal, hex, negative or non-numeric is not paid.",
    "V2 §5.1.2",
  ],
  [
    "C-CH-12",
    "MUST*",
    "Missing extra.name or extra.version for eip3009 ⇒ not signed with a guessed domain.",
    "V2 §6.1; EVM §1",
  ],
  ["C-CH-13", "REF", "Unknown `assetTransferMethod` ⇒ not paid.", "EVM Summary (only three defined)"],
  ["C-CH-14", "REF", "A base64url challenge is refused, an unpadded one accepted.", ""],
  ["C-CH-15", "MUST", "Plain v1 network names in a v2 challenge are not paid.", "V2 §11.1"],
  ["C-CH-16", "MUST*", "A non-402 response carrying PAYMENT-REQUIRED triggers no payment.", "H2"],
]);
