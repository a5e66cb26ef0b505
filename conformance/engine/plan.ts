import { matchesGlob } from "node:path";
import { type ProtocolId, type RuleSet, requirement, rulesOf, severityOf } from "../requirements/index.ts";
import type { CaseVersion } from "./case.ts";

/** Which cases a run takes. */
export interface Selection {
  /** Globs of case ids to take; all without any. */
  readonly only?: readonly string[];
  /** Globs of case ids to leave out. */
  readonly skip?: readonly string[];
  /** The weakest level to take. */
  readonly level?: "must" | "should" | "all";
  /** The version to judge; without one x402@2, and others where the subject speaks them, too. */
  readonly protocol?: ProtocolId;
  /** The frozen set of rules to count, in its own version; all rules without one. */
  readonly set?: RuleSet;
  /** The I-th of N equal parts, counted from 1. */
  readonly shard?: { readonly index: number; readonly count: number };
}

/** What the selection looks at. */
interface Plannable {
  readonly id: string;
  readonly requirement: string;
  readonly protocol?: CaseVersion;
  readonly alone?: boolean;
  readonly needs?: readonly string[];
}

/**
 * The cases that a run takes, in their fixed order. Those that run alone come last, and of them those that restart the
 * subject: with it would go what it still does behind the backs of earlier cases, such as to charge their payers.
 */
export function planRun<C extends Plannable>(cases: readonly C[], selection: Selection = {}): C[] {
  const { only = [], skip = [], level = "all", protocol, set, shard = { index: 1, count: 1 } } = selection;
  const counted = set === undefined ? undefined : new Set(rulesOf(set).map(({ id }) => id));
  return cases
    .filter(({ id }) => only.length === 0 || only.some((glob) => matches(id, glob)))
    .filter(({ id }) => !skip.some((glob) => matches(id, glob)))
    .filter((candidate) => isBindingEnough(candidate, level))
    .filter((candidate) => isAbout(candidate, protocol) && isAbout(candidate, set))
    .filter((candidate) => counted?.has(candidate.requirement) ?? true)
    .filter((_, position) => position % shard.count === shard.index - 1)
    .sort((one, other) => disturbance(one) - disturbance(other));
}

function disturbance({ alone = false, needs = [] }: Plannable): number {
  if (!alone) return 0;
  return needs.includes("restart") ? 2 : 1;
}

/** The version that a run is about: what the subject has to speak. */
export function judgedVersion({ protocol, set }: Selection): ProtocolId {
  return protocol ?? set ?? "x402@2";
}

function isAbout({ protocol: spoken = "x402@2" }: Plannable, version?: ProtocolId): boolean {
  return version === undefined || spoken === "any" || spoken === version;
}

/** `*` spans dots: `seller.replay.*` and `*replay*` both do what one expects. */
function matches(id: string, glob: string): boolean {
  return matchesGlob(id, glob);
}

function isBindingEnough(candidate: Plannable, level: NonNullable<Selection["level"]>): boolean {
  const severity = severityOf(requirement(candidate.requirement).level);
  if (level === "all") return true;
  return level === "should" ? severity !== "reference" : severity === "must";
}
