import { type ProtocolId, register } from "../requirements/index.ts";
import type { Evidence } from "./evidence.ts";

/** Whoever deals with the subject in a case: a buyer for a seller, a shop for a client, a seller for a facilitator. */
export interface Actor {
  /** What the subject decided where a rule leaves it to it, in a sentence for the report. */
  readonly decision?: string | undefined;
  /** What it saw and did, for the report and the audit. */
  evidence(): Promise<Evidence>;
}

/** Something that is done, and whose expectations are checked, when the engine says so. */
export interface Deferred {
  done(): Promise<unknown>;
}

/** What a case does with its actor: one exchange that is left to the engine to send, or several in turn. */
export type ScriptOf<A extends Actor> = (t: A) => Deferred | Promise<unknown>;

/** A version of the protocol; `any` for a rule that is the same in all: it is tried in the one that the run is about. */
export type CaseVersion = ProtocolId | "any";

/** One rule, tried once against a subject. */
export interface CaseOf<A extends Actor, Need extends string = string> {
  /** Append-only, never renamed, e.g. `seller.replay.same-payment-twice`. */
  readonly id: string;
  /** The rule it tries; in the register. */
  readonly requirement: string;
  /** What must hold, in one sentence. */
  readonly title: string;
  /** The version that its actor speaks; `x402@2` unless it says otherwise. */
  readonly protocol?: CaseVersion;
  /** What the run must be given for it. */
  readonly needs?: readonly Need[];
  /**
   * The same exchange without the fault. It must succeed, or the verdict is inconclusive. Without one, the run's
   * premise must hold before the case can pass.
   */
  readonly control?: ScriptOf<A>;
  /** The exchange that the rule is about. */
  readonly probe: ScriptOf<A>;
  /** Runs alone, after all others: it disturbs the subject. */
  readonly alone?: boolean;
}

/** What can be told of a case without running it. */
export type CaseFacts = Omit<CaseOf<Actor>, "control" | "probe"> & { readonly hasControl: boolean };

/** The version that the actor of a case speaks, in a run that is about `judgedIn`. */
export function protocolOf(
  { protocol = "x402@2" }: { readonly protocol?: CaseVersion },
  judgedIn: ProtocolId,
): ProtocolId {
  return protocol === "any" ? judgedIn : protocol;
}

/**
 * Checks the declaration of a case.
 *
 * @throws RangeError when it cites a rule that is not in the register
 */
export function declareCase<A extends Actor, Need extends string>(
  definition: CaseOf<A, Need>,
): CaseOf<A, Need> {
  if (!register.has(definition.requirement)) {
    throw new RangeError(
      `Case ${definition.id} cites ${definition.requirement}, which is not in the register.`,
    );
  }
  return definition;
}
