import type { Concurrency, LoopAudit, LoopRounds, LoopsOfSide, Role, Side } from "../measurements.ts";
import { addUp } from "./audit.ts";
import type { RoundResult } from "./round.ts";

/** A round that was traded; warm-up rounds are not measured, but audited like all others. */
export interface RoundRecord {
  readonly side: Side;
  readonly measured: Concurrency | undefined;
  readonly result: RoundResult;
  /** Processor time that each program took. */
  readonly processorMs: Readonly<Record<Role, number>>;
}

/** What the rounds and the audits of one side come to. */
export function summary(records: readonly RoundRecord[], audits: readonly LoopAudit[]): LoopsOfSide {
  const at = (concurrency: Concurrency): LoopRounds => {
    const rounds = records.filter(({ measured }) => measured === concurrency);
    const results = rounds.map(({ result }) => result);
    const perLoop = (role: Role) =>
      rounds.map((round) => round.processorMs[role] / round.result.loops.length);
    return {
      perSecond: results.map(({ loops, elapsedMs }) => (loops.length * 1_000) / elapsedMs),
      latenciesMs: results.flatMap(({ loops }) => loops.map(({ latencyMs }) => latencyMs)),
      processorMs: {
        buyer: perLoop("buyer"),
        seller: perLoop("seller"),
        facilitator: perLoop("facilitator"),
      },
    };
  };
  return { rounds: { 1: at(1), 8: at(8), 32: at(32) }, audit: addUp(audits) };
}
