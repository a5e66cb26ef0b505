import { inject } from "vitest";
import { redactedCase, redactor } from "../report/index.ts";
import { openSuite } from "../suites.ts";
import { receiveAssignment } from "./handover.ts";
import "./provided.ts";
import { registerCases } from "./register-cases.ts";

/* Vitest loads this file in a worker of the command line; what to do comes from the main thread. */
const { plan, auditId, handover } = inject("run");
const assignment = await receiveAssignment(handover);
if (assignment !== undefined) {
  const suite = await openSuite(assignment.setup);
  const redact = redactor(assignment.secrets);
  registerCases({
    plan,
    auditId,
    suite: () => suite,
    redact: (verdict) => redactedCase(verdict, redact),
    // Nobody reads it: the main thread takes the verdict itself.
    describe: ({ status, message }) => `${status}: ${message}`,
  });
}
