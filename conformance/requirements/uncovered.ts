/** Rules without a case for one common reason. */
export interface UncoveredGroup {
  readonly title: string;
  /** What would have to change before cases can be written. */
  readonly because: string;
  /** Rule id → why this very rule has no case. */
  readonly rules: Readonly<Record<string, string>>;
}

/** Why a rule has no case. A rule that gets one leaves this list; a test sees to it. */
export const uncoveredGroups: readonly UncoveredGroup[] = [
  {
    title: "The case is still to be written",
    because: "These can be seen from outside with what the suite has.",
    rules: {
      "S-CH-17":
        "No case looks into `extensions`; holding `info` against `schema` needs a JSON Schema validator.",
      "S-CH-19":
        "No case compares `error` with the facilitator's reason; the fault verify-refuses gives a known one.",
      "S-PAY-04": "No case sends base64url or leaves out the padding.",
      "S-PAY-16": "No case changes the letter case of `accepted.asset`.",
      "S-PAY-17": "No case changes `maxTimeoutSeconds`, or leaves out or adds keys of `extra`.",
      "S-PAY-18": "No case names another resource in the payment.",
      "S-PAY-20":
        "The suite's buyer echoes what is offered; no case leaves it out or adds an unknown extension.",
      "S-PAY-23":
        "Another scheme is tried (S-PAY-14); no case claims another transfer method or payment flow.",
      "S-ORD-07": "No case looks for a challenge in the 402 of a failed settlement.",
      "S-ORD-13": "No case counts the settle calls under the fault settle-pending.",
      "S-ORD-15": "No case looks at Cache-Control of a paid answer.",
    },
  },
  {
    title: "The suite cannot provoke it yet",
    because: "Each needs something of the sandbox or of the command line that is not there.",
    rules: {
      "S-ORD-19":
        "Needs a paid request that streams: no flag names one, and the reference has no such route.",
      "S-EXT-10": "Needs a facilitator that sends EXTENSION-RESPONSES; no fault adds headers to its answers.",
    },
  },
  {
    title: "x402 v1",
    because: "The suite's buyer and its decoder speak v2 only. Planned.",
    rules: {
      "S1-01": "No case reads a challenge from the body of a 402.",
      "S1-02": "No case reads a v1 challenge.",
      "S1-03": "No case reads a v1 challenge.",
      "S1-04": "No case pays with X-PAYMENT.",
      "S1-05": "No case sends a malformed X-PAYMENT.",
      "S1-06": "No case reads X-PAYMENT-RESPONSE.",
      "S1-07": "No case lets the settlement of a v1 payment fail.",
      "S1-08": "No case reads the body of a v1 refusal.",
      "S1-09": "No case reads both challenges of one 402.",
    },
  },
  {
    title: "Extensions that the reference seller does not offer",
    because:
      "A case can be written once the reference offers the extension, so that a control can succeed and a mutant can break it. Until then a seller that offers it is not judged for it.",
    rules: {
      "S-PAY-19": "Any extension: deleting or overwriting `info` needs a seller that sends some.",
      "S-RPL-04": "payment-identifier is not offered.",
      "S-RPL-05": "payment-identifier is not offered.",
      "S-RPL-06": "payment-identifier is not offered.",
      "S-RPL-07": "payment-identifier is not offered.",
      "S-RPL-08": "payment-identifier is not offered.",
      "S-RPL-09": "payment-identifier is not offered.",
      "S-EXT-01": "sign-in-with-x is not offered.",
      "S-EXT-02": "sign-in-with-x is not offered.",
      "S-EXT-03": "sign-in-with-x is not offered.",
      "S-EXT-04": "sign-in-with-x is not offered.",
      "S-EXT-05": "sign-in-with-x is not offered.",
      "S-EXT-06": "sign-in-with-x is not offered.",
      "S-EXT-07": "offer-receipt is not offered.",
      "S-EXT-08": "offer-receipt is not offered.",
      "S-EXT-09": "offer-receipt is not offered.",
      "S-EXT-11": "bazaar is not offered; the reference describes itself with OpenAPI instead.",
    },
  },
  {
    title: "Schemes and methods that the suite does not buy with",
    because: "The suite's buyer signs `exact` with EIP-3009 only.",
    rules: {
      "S-CH-28": "Needs upto.",
      "S-PAY-22": "Needs exact with Permit2.",
      "S-ORD-20": "Partial settlement belongs to upto.",
      "S-UP-01": "Needs upto.",
      "S-UP-02": "Needs upto.",
      "S-UP-03": "Needs upto.",
      "S-UP-04": "Needs upto.",
      "S-BS-01": "Needs batch-settlement.",
    },
  },
  {
    title: "Another transport",
    because: "The suite speaks HTTP only.",
    rules: {
      "S-MCP-01": "Needs an MCP client.",
      "S-MCP-02": "Needs an MCP client.",
    },
  },
  {
    title: "Nothing to hold against a seller",
    because: "No answer of a seller could break these, or the suite asks for something else on purpose.",
    rules: {
      "S-CH-21": "It binds the suite, which reads nothing of a v2 challenge from the body.",
      "S-CH-27":
        "A flow that is not stated is by definition `authorization`, and is judged as that: a seller that takes the money first fails S-ORD-10.",
      "S-ORD-12": "The opposite of S-VBP-01, which the suite asks for.",
    },
  },
];
