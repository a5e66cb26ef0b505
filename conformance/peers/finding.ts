import type { Status } from "../engine/index.ts";

/** Something that the suite holds against a peer, looked at by hand. */
export interface PeerFinding {
  readonly caseId: string;
  readonly requirement: string;
  readonly status: Extract<Status, "fail" | "warn">;
  /** It depends on which of several calls at once is faster, so that some runs do not show it. */
  readonly notEveryTime?: true;
  /** What the peer does, in one sentence. */
  readonly does: string;
  /** What shows it: the exchange of the case, and the place in the package's source (2.27.0 unless it says otherwise; for v1 1.2.0). */
  readonly evidence: readonly string[];
  /**
   * `deviation`: the peer breaks the rule. `stricter reading`: the protocol has no text that forbids what the peer
   * does; the rule asks for more because real buyers or sellers were harmed by it.
   */
  readonly judged: "deviation" | "stricter reading";
}
