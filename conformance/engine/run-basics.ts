/** What every run needs, whatever is judged. Plain data: it crosses a thread boundary. */
export interface RunBasics {
  readonly adminUrl: string;
  /** Payers are derived from it, so that a failure can be repeated. */
  readonly seed: string;
  /** Milliseconds that one request may take. */
  readonly timeoutMs: number;
  /** Command that repeats one case: `{case}` stands for its id. */
  readonly replay: string;
  /** What the suite may sign for in all, atomic units as decimal text; any amount without it. */
  readonly budget?: string;
}
