import { rules } from "../requirement.ts";

/** Rules for facilitators: how money moves. */
export const settleRules = rules("facilitator", "x402@2", [
  [
    "F-S-01",
    "MUST",
    "Settlement calls transferWithAuthorization with exactly the signed parameters.",
    "EVM §1 Ph.3; V2 §6.1.3",
  ],
  ["F-S-02", "MUST*", "success:true only after the transfer is mined and did not revert.", "V2 §5.3.2"],
  [
    "F-S-03",
    "MUST*",
    "On-chain effect: payTo +amount, payer −amount, nothing else.",
    "EVM Summary ('cannot modify amount or destination')",
  ],
  ["F-S-04", "MUST*", "Second settle of the same authorization fails and moves no money.", "V2 §10.1"],
  [
    "F-S-05",
    "MUST*",
    "N parallel settles of one payload ⇒ exactly one transfer; others fail or return the same transaction.",
    "V2 §10.1; #1805, PR #2801",
  ],
  ["F-S-06", "MUST*", "/settle re-checks everything itself; invalid payload never broadcasts.", "V2 §7.2"],
  [
    "F-S-07",
    "MUST*",
    "Reverted transaction ⇒ success:false, invalid_transaction_state, transaction hash may be given.",
    "V2 §9",
  ],
  ["F-S-08", "MUST*", "Receipt timeout ⇒ settlement_pending with the hash, never a plain failure.", "NEW §9"],
  [
    "F-S-09",
    "MUST*",
    "Re-settling after settlement_pending reports the real outcome and does not broadcast twice.",
    "NEW §9; PR #3214",
  ],
  ["F-S-10", "MUST*", "RPC outage ⇒ unexpected_settle_error/verify_error style reply, no crash.", "V2 §9"],
  [
    "F-S-11",
    "SHOULD*",
    "Concurrent settlements from one signer do not collide on account nonce.",
    "unspecified; #2471",
  ],
  [
    "F-AUD-01",
    "SEC",
    "Over a whole run, every settlement that was reported is on chain exactly once, and nothing else moved.",
    "",
  ],
]);
