import type { CaseResult } from "./engine/index.ts";
import { isAnsweredByProxy } from "./engine/seller/index.ts";

/**
 * What to do where nobody got through to a seller for a while, though no fault was about it, in a sentence: the faults
 * of some cases make a seller fail, and a proxy before it may keep the others from it because of that.
 */
export function newsOfOutages(verdicts: readonly CaseResult[]): readonly string[] {
  const cutOff = verdicts.filter(({ status, exchanges = [], faults }) => {
    const last = exchanges.at(-1);
    return status === "inconclusive" && faults === undefined && last !== undefined && isAnsweredByProxy(last);
  });
  if (cutOff.length === 0) return [];
  const cases = cutOff.length === 1 ? "1 case" : `${cutOff.length} cases`;
  return [
    `${cases} proved nothing, for the last answer was 502, 503 or 504. A proxy before the seller may keep an error of it, or may have taken it out after some that faults of other cases asked for: let the proxy cache no errors and leave the seller in (nginx: max_fails=0), or judge one case at a time with --workers 1.`,
  ];
}
