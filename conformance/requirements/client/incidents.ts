import { rules } from "../requirement.ts";

/**
 * Rules of our own, each after something that happened to real buyers or that a hostile seller would try first. The
 * specification does not speak of them.
 */
export const incidentRules = rules("client", "x402@2", [
  [
    "C-SEC-01",
    "SEC",
    "The terms of a call are those it was asked for first: a later 402 with another price or payee is not paid in the same call.",
    "",
  ],
  [
    "C-SEC-02",
    "SEC",
    "After a payment was sent and answered with a server error or an unclear settlement, no second one is signed.",
    "",
  ],
  ["C-SEC-03", "SEC", "A payment goes to no host but the one that asked for it.", ""],
  [
    "C-SEC-04",
    "SEC",
    "Texts of a seller (error, description, service name) are data: nothing that they say changes what is signed.",
    "",
  ],
  [
    "C-SEC-05",
    "SEC",
    "A challenge that is huge or deeply nested is paid as it stands or refused; the client comes to an end with it.",
    "",
  ],
  [
    "C-SEC-06",
    "SEC",
    "What is checked is what is signed: among several entries, limits hold for the one that is paid.",
    "",
  ],
  ["C-SEC-07", "SEC", "A network that only looks like a known one is not taken for it.", ""],
  [
    "C-SEC-08",
    "SEC",
    "The payer's private key stays with the client: it is in no request, and in nothing that its caller gets to see.",
    "",
  ],
  [
    "C-SEC-09",
    "SEC",
    "An allowance, sent or signed, is given to canonical Permit2 and to nobody else, whatever the seller says.",
    "EVM §2 Phase 1; E2612 Verification Logic",
  ],
  [
    "C-AUD-01",
    "SEC",
    "Over a whole run nothing is paid that no shop asked for, nor after its caller was answered.",
    "V2 §2, over all exchanges of a run",
  ],
]);
