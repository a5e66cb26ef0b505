import type { ProtocolId, Role } from "../requirements/index.ts";
import type { Actor, CaseFacts, CaseOf } from "./case.ts";
import { judgeInTurns, type Pace } from "./judge-in-turns.ts";
import type { Lifeline } from "./lifeline.ts";
import type { CaseResult } from "./verdict.ts";

/** Whether the subject does at all what every verdict leans on, e.g. whether a seller sells. */
export type Premise = { readonly kind: "holds" } | { readonly kind: "fails"; readonly why: string };

/** What the cases of one run stand on: the subject, as a role's actors reach it. */
export interface Bench<A extends Actor, Need extends string = string> {
  /** The version that the run is about. */
  readonly protocol: ProtocolId;
  /** Command that repeats one case: `{case}` stands for its id. */
  readonly replay: string;
  /** Opens the actor of one case, who speaks `protocol`; what it owns is derived from the run's seed and `label`. */
  openActor(label: string, protocol: ProtocolId): Promise<A>;
  /** Why a case cannot be tried on this subject; `undefined` when it can. */
  inapplicable(subjectCase: CaseOf<A, Need>): Promise<string | undefined>;
  /**
   * Found out once per run and version, when it is first asked for. What a case needs may make it lean on a premise of
   * its own.
   */
  premise(protocol: ProtocolId, needs?: readonly Need[]): Promise<Premise>;
  /**
   * Why what this actor saw of the subject proves nothing against it, where there may be no more to it than how or
   * where the run was made; absent where a finding always counts.
   */
  doubt?(actor: A): Promise<string | undefined>;
  /** Resolves when nothing is under way that belongs to no case; absent where nothing ever is. */
  quiet?(): Promise<void>;
  /** Tells of a subject that the suite started how it ends by itself; absent where that cannot be known. */
  readonly lifeline?: Pick<Lifeline, "endedSince">;
  /** Judges the run as a whole, after all cases. */
  audit(results: readonly CaseResult[]): Promise<CaseResult>;
}

/** A suite whose subject is there. */
export interface OpenSuite {
  /** Judges one case as soon as it is its turn; all of them may be asked for at once. */
  run(caseId: string): Promise<CaseResult>;
  audit(results: readonly CaseResult[]): Promise<CaseResult>;
}

/** The cases of one role, and how to bring them to a subject that `Setup` describes. */
export interface Suite<Setup> {
  readonly role: Role;
  readonly cases: readonly CaseFacts[];
  /** Id of the verdict that the audit adds to every run. */
  readonly auditId: string;
  open(setup: Setup, pace: Pace): Promise<OpenSuite>;
}

/** Puts a suite together; from outside, the kind of its actors no longer matters. */
export function defineSuite<Setup, A extends Actor, Need extends string>(definition: {
  readonly role: Role;
  readonly cases: readonly CaseOf<A, Need>[];
  readonly auditId: string;
  readonly open: (setup: Setup) => Promise<Bench<A, Need>>;
}): Suite<Setup> {
  const { role, cases, auditId } = definition;
  const byId = new Map(cases.map((subjectCase) => [subjectCase.id, subjectCase]));
  return {
    role,
    auditId,
    cases: cases.map(({ control, probe: _probe, ...facts }) => ({
      ...facts,
      hasControl: control !== undefined,
    })),
    async open(setup, pace) {
      const bench = await definition.open(setup);
      const judge = judgeInTurns(bench, pace);
      return {
        run: async (caseId) => {
          const subjectCase = byId.get(caseId);
          if (subjectCase === undefined) throw new RangeError(`${caseId} is no case of the ${role} suite.`);
          return judge(subjectCase);
        },
        audit: (results) => bench.audit(results),
      };
    },
  };
}
