import type { SubjectSetup } from "../engine/seller/index.ts";

/** A program under test that can be reached, and ended if it was started here. */
export interface Subject {
  readonly setup: SubjectSetup;
  /** What to tell of each time that it ended without being told to; of one that was started by a command. */
  readonly accidents?: () => readonly string[];
  stop(): Promise<void>;
}
