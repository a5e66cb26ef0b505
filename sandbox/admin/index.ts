/** The door of control and observation: the admin API and the journal. */
export { Journal, type JournalEntry, type PaidWork } from "./journal.ts";
export { observe } from "./observe.ts";
export { type SandboxDescription, startAdmin } from "./server.ts";
