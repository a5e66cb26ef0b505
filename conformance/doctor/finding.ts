/** What one look at something showed. */
export interface Finding {
  /** What was looked at, in a word or two. */
  readonly check: string;
  /** `problem`: a run would fail or prove nothing; `unreachable`: and nothing else could be looked at. */
  readonly status: "ok" | "warning" | "problem" | "unreachable";
  readonly finding: string;
  /** What to do about it. */
  readonly remedy?: string;
}

export function ok(check: string, finding: string): Finding {
  return { check, status: "ok", finding };
}

export function warning(check: string, finding: string, remedy: string): Finding {
  return { check, status: "warning", finding, remedy };
}

export function problem(check: string, finding: string, remedy: string): Finding {
  return { check, status: "problem", finding, remedy };
}

export function unreachable(check: string, finding: string, remedy: string): Finding {
  return { check, status: "unreachable", finding, remedy };
}
