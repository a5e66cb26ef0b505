import { requirement } from "./register.ts";
import type { Requirement } from "./requirement.ts";

/**
 * The rules that a run counts, frozen per revision of the specification: a rule that joins the register later turns
 * no green run red until a set takes it. `x402@2` leaves out what stands in untagged text only (cited as `NEW`).
 * `x402@1` takes of the rules that are written for v2 those that hold in v1 just as well. The audits of whole runs
 * (S-AUD-01, C-AUD-01, F-AUD-01) belong to every set.
 */
const sets = {
  "x402@2": [
    ...series("S-CH", 1, 26),
    ...series("S-CH", 28, 29),
    ...series("S-PAY", 1, 22),
    ...series("S-PAY", 24, 29),
    ...series("S-ORD", 1, 12),
    ...series("S-ORD", 15, 23),
    "S-VBP-01",
    ...series("S-RPL", 1, 7),
    "S-AUD-01",
    ...series("S-UP", 1, 4),
    "S-BS-01",
    ...series("S-EXT", 1, 9),
    ...series("S-EXT", 11, 12),
    ...series("S-MCP", 1, 2),
    ...series("C-CH", 1, 7),
    ...series("C-CH", 10, 16),
    ...series("C-PAY", 1, 28),
    ...series("C-SET", 1, 6),
    ...series("C-SEC", 1, 9),
    "C-AUD-01",
    ...series("C-EXT", 1, 4),
    ...series("F-API", 1, 21),
    ...series("F-V", 1, 28),
    ...series("F-S", 1, 7),
    ...series("F-S", 10, 11),
    "F-AUD-01",
    "F-EX-01",
    ...series("F-P2", 1, 7),
    ...series("F-GS", 1, 3),
    ...series("F-UP", 1, 6),
    ...["F-77-01", "F-BS-01"],
    ...series("F-BZ", 1, 4),
    ...series("F-DS", 1, 2),
    "F-ID-01",
  ],
  "x402@1": [
    ...["S-CH-01", "S-CH-06", "S-CH-13", "S-CH-14", "S-CH-15"],
    ...["S-CH-22", "S-CH-25", "S-CH-26"],
    ...["S-PAY-13", "S-PAY-14", "S-PAY-15", "S-PAY-21", "S-PAY-24", "S-PAY-25", "S-PAY-27", "S-PAY-28"],
    ...["S-ORD-01", "S-ORD-02", "S-ORD-05", "S-ORD-06", "S-ORD-08", "S-ORD-10", "S-ORD-11"],
    ...series("S-ORD", 15, 19),
    ...series("S-ORD", 21, 22),
    "S-VBP-01",
    ...series("S-RPL", 1, 3),
    ...series("S1", 1, 9),
    "S-AUD-01",
    "S-EXT-08",
    ...series("C-CH", 5, 7),
    ...["C-CH-11", "C-CH-16", "C-PAY-02"],
    ...series("C-PAY", 8, 15),
    ...series("C-PAY", 20, 26),
    "C-PAY-28",
    ...series("C-SET", 1, 5),
    ...series("C-SEC", 1, 8),
    ...series("C1", 1, 3),
    "C-AUD-01",
    ...["F-API-01", "F-API-02", "F-API-05", "F-API-06", "F-API-07", "F-API-08", "F-API-10", "F-API-11"],
    ...series("F-API", 13, 16),
    ...["F-API-18", "F-API-19", "F-API-21"],
    ...series("F-V", 1, 5),
    ...["F-V-08", "F-V-11", "F-V-13"],
    ...series("F-V", 15, 21),
    "F-V-27",
    ...series("F-S", 1, 7),
    ...series("F-S", 10, 11),
    ...series("F1", 1, 4),
    "F-AUD-01",
  ],
} as const satisfies Record<string, readonly string[]>;

/** Name of a frozen set. */
export type RuleSet = keyof typeof sets;

/** The names of all frozen sets. */
export const ruleSets: readonly RuleSet[] = ["x402@2", "x402@1"];

/** The rules of a frozen set, in the order of the register. */
export function rulesOf(set: RuleSet): readonly Requirement[] {
  return sets[set].map(requirement);
}

/** Ids `first` to `last` of one series, e.g. `S-CH-01` … `S-CH-26`. */
function series(prefix: string, first: number, last: number): string[] {
  return Array.from(
    { length: last - first + 1 },
    (_, position) => `${prefix}-${String(first + position).padStart(2, "0")}`,
  );
}
