/** The door of the subjects: how a program under test is started, reached and ended. */
export { type CommandOptions, freePort, startCommand } from "./command.ts";
export { referenceRequests, startReference } from "./reference.ts";
export type { Subject } from "./subject.ts";
export { subjectAt } from "./url.ts";
