/** The door of the subjects: how a program under test is started, reached and ended. */
export { type CommandOptions, startCommand } from "./command.ts";
export { type FacilitatorCommand, facilitatorAt, startFacilitatorCommand } from "./facilitator.ts";
export { facilitatorFirstLook } from "./facilitator-first-look.ts";
export { firstLook } from "./first-look.ts";
export type { Front } from "./front.ts";
export { freePort, isFree } from "./ports.ts";
export { type ReferenceVariation, startReference } from "./reference.ts";
export {
  type FacilitatorSubject,
  type FacilitatorVariation,
  settlementAccount,
  startReferenceFacilitator,
} from "./reference-facilitator.ts";
export type { Subject } from "./subject.ts";
export { subjectAt } from "./url.ts";
