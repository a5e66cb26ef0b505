import { rules } from "../requirement.ts";

/** Rules for facilitators: x402 v1. */
export const v1Rules = rules("facilitator", "x402@1", [
  [
    "F1-01",
    "MUST",
    "v1: paymentPayload carries scheme/network at top level and requirements use maxAmountRequired.",
    "V1 §5.2, §7.1",
  ],
  [
    "F1-02",
    "MUST*",
    "v1: value meets the required amount.",
    "V1 §6.1.2 (meets or exceeds); the reference demands equality",
  ],
  ["F1-03", "MUST", "v1: /settle reply includes payer.", "V1 §5.3.2 (Required)"],
  ["F1-04", "MUST*", "v1: /settle reply names the network as the requirements do.", "V1 §5.3.2"],
]);
