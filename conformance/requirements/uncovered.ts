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
    title: "Schemes and methods that the suite does not buy with",
    because: "The suite's buyer pays by `exact` and `upto`.",
    rules: {
      "S-BS-01": "Needs batch-settlement.",
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
  {
    title: "Clients: extensions and transports",
    because: "The suite's shop speaks HTTP, and sees of a client what it sends and what it shows.",
    rules: {
      "C-EXT-01":
        "What a client makes of a signed offer is not in what it sends; it need not look at one at all.",
      "C-EXT-02": "Whether a client verifies a signed receipt is not in what it sends.",
      "C-EXT-03": "Needs an MCP server.",
      "C-EXT-04": "Needs an A2A agent.",
    },
  },
  {
    title: "Clients: what they may decide by themselves",
    because: "A cap is the client's own. It is seen in what a case reports, and never held against anybody.",
    rules: {
      "C1-03": "Where the cap lies is nobody's rule; C-PAY-22 asks that there is one.",
    },
  },
  {
    title: "Facilitators: nothing to hold against anybody",
    because: "The protocol leaves these open, and no money depends on them.",
    rules: {
      "F-V-14": "How much time must be left is the facilitator's own choice.",
      "F-V-28": "The order of checks is free; every case has one fault only.",
      "F-ID-01":
        "Whether it looks at the identifier is the facilitator's own choice; that it settles no payment again because of one is judged under F-S-04.",
    },
  },
  {
    title: "Facilitators: schemes and methods that the suite does not pay with",
    because:
      "The suite pays by EIP-3009, and by Permit2 with an allowance that its payer has given, or brings as a permit of EIP-2612.",
    rules: {
      "F-GS-02":
        "Needs erc20ApprovalGasSponsoring, which the reference facilitator does not offer, because of F-GS-03.",
      "F-GS-03":
        "Needs a node that mines a bundle of transactions as a whole or not at all, which Anvil does not.",
      "F-77-01": "Needs exact with ERC-7710.",
      "F-BS-01": "Needs batch-settlement.",
    },
  },
];
