/** The door of `doctor`: looks at this machine and at the programs that are to be judged, and says what to do. */
export { examineClient } from "./client.ts";
export { examineEnvironment } from "./environment.ts";
export { examineFacilitator } from "./facilitator.ts";
export { type Finding, ok, problem, unreachable, warning } from "./finding.ts";
export { examineSeller } from "./seller.ts";
