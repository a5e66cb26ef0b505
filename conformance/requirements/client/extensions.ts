import { rules } from "../requirement.ts";

/** Rules for clients: extensions and other transports. */
export const clientExtensionRules = rules("client", "x402@2", [
  [
    "C-EXT-01",
    "MUST",
    "offer-receipt: offers are matched by field values, acceptIndex is not trusted.",
    "OR §4.1, §4.1.1",
  ],
  [
    "C-EXT-02",
    "MUST",
    "offer-receipt: offers and receipts are verified with canonical types and domain, the payload exactly as sent.",
    "OR §4.5, §5.5",
  ],
  [
    "C-EXT-03",
    "SHOULD",
    "MCP: structuredContent is preferred, content[0].text the fallback.",
    "MCP2 Client Requirements",
  ],
  ["C-EXT-04", "MUST*", "A2A: the client activates with X-A2A-Extensions.", "A2A2 Extension Declaration"],
]);
