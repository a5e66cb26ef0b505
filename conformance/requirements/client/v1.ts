import { rules } from "../requirement.ts";

/** Rules for clients of x402 v1. */
export const clientV1Rules = rules("client", "x402@1", [
  [
    "C1-01",
    "MUST",
    "v1: reads the 402 body, sends X-PAYMENT with {x402Version:1, scheme, network, payload}.",
    "H1; V1 §5.2",
  ],
  ["C1-02", "MUST*", "v1: the signed value equals maxAmountRequired for exact.", "V1 §5.1.2, §6.1"],
  ["C1-03", "REF", "v1: the reference client refuses above 0.10 USDC unless maxValue is raised.", ""],
]);
