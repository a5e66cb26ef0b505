import type { SubjectSetup } from "../engine/seller/index.ts";

/** A program under test that can be reached, and ended if it was started here. */
export interface Subject {
  readonly setup: SubjectSetup;
  stop(): Promise<void>;
}
