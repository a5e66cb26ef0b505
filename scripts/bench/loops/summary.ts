import type { Concurrency, LoopAudit, LoopRounds, LoopsOfSide, Side } from "../measurements.ts";
import { addUp } from "./audit.ts";
import type { RoundResult } from "./round.ts";

/** A round that was traded; warm-up rounds are not measured, but audited like all others. */
export interface RoundRecord {
  readonly side: Side;
  readonly measured: Concurrency | undefined;
  readonly result: RoundResult;
}

/** What the rounds and the audits of one side come to. */
export function summary(records: readonly RoundRecord[], audits: readonly LoopAudit[]): LoopsOfSide {
  const at = (concurrency: Concurrency): LoopRounds => {
    const results = records.filter(({ measured }) => measured === concurrency).map(({ result }) => result);
    return {
      perSecond: results.map(({ loops, elapsedMs }) => (loops.length * 1_000) / elapsedMs),
      latenciesMs: results.flatMap(({ loops }) => loops.map(({ latencyMs }) => latencyMs)),
    };
  };
  return { rounds: { 1: at(1), 8: at(8), 32: at(32) }, audit: addUp(audits) };
}
