import { colors } from "../colors.ts";
import type { CaseResult, Status } from "../engine/index.ts";
import { marks, verdictLines } from "./console.ts";
import { statuses, totalsOf } from "./run-report.ts";

/** So few verdicts are all shown, wherever they are shown. */
const few = 12;

/** Where a run is told of while it takes place. */
export interface RunConsole {
  /** So many verdicts will come. */
  plan(verdicts: number): void;
  notice(sentence: string): void;
  verdict(verdict: CaseResult): void;
  /** The last verdict has come, or none comes any more. */
  end(): void;
}

/** The part of a stream that is needed. */
type Output = Pick<NodeJS.WriteStream, "write" | "isTTY" | "columns">;

/**
 * Tells of a run as it takes place. On a terminal a line at the bottom counts, and what did not pass is shown as it
 * comes; into a file every verdict goes; in CI, where `CI` is set, only what did not pass. What is not applicable is
 * told of in the end, by reason.
 */
export function openRunConsole(output: Output = process.stdout, { CI = "" } = process.env): RunConsole {
  const isQuiet = CI !== "" && CI !== "false";
  const line = output.isTTY ? openProgressLine(output) : undefined;
  let showsAll = !output.isTTY && !isQuiet;
  const told = new Set<string>();
  const print = (text: string) => {
    line?.clear();
    output.write(`${text}\n`);
  };
  return {
    plan: (verdicts) => {
      if (verdicts <= few) showsAll = true;
      line?.expect(verdicts);
    },
    notice: (sentence) => print(`${colors.yellow("note:")} ${sentence}\n`),
    verdict: (verdict) => {
      line?.count(verdict);
      const isShown = verdict.status !== "not-applicable" && (showsAll || verdict.status !== "pass");
      if (isShown) print(verdictLines(verdict, { isBrief: isToldAgain(verdict, told) }));
      line?.draw();
    },
    end: () => line?.clear(),
  };
}

/** What stands in the way of many cases is shown in full once. */
function isToldAgain({ status, message = "" }: CaseResult, told: Set<string>): boolean {
  if (status !== "inconclusive") return false;
  const isTold = told.has(message);
  told.add(message);
  return isTold;
}

function openProgressLine(output: Output) {
  const seen: CaseResult[] = [];
  let expected = 0;
  return {
    expect: (verdicts: number) => {
      expected = verdicts;
    },
    count: (verdict: CaseResult) => {
      seen.push(verdict);
    },
    draw: () => {
      if (seen.length >= expected) return;
      const totals = totalsOf(seen);
      const counts = statuses.filter((status) => totals[status] > 0).map((status) => counted(status, totals));
      const place = `${String(seen.length).padStart(String(expected).length)}/${expected}`;
      // Colours take no room, but are counted: a line that is cut by its letters may not wrap.
      const room = Math.max(0, (output.columns || 80) - place.length - counts.length * 6 - 6);
      rewind(output);
      output.write(
        `${colors.dim(place)}  ${counts.join("  ")}  ${colors.dim((seen.at(-1)?.id ?? "").slice(0, room))}`,
      );
    },
    clear: () => rewind(output),
  };
}

function counted(status: Status, totals: Readonly<Record<Status, number>>): string {
  return `${marks[status]} ${totals[status]}`;
}

/** Back to the beginning of the line, and the line is empty. */
function rewind(output: Output): void {
  output.write("\r\u{1b}[2K");
}
