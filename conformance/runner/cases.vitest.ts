import { inject } from "vitest";
import { openSuite } from "../suites.ts";
import { receiveSetup } from "./handover.ts";
import "./provided.ts";
import { registerCases } from "./register-cases.ts";

/* Vitest loads this file in a worker of the command line; plan and set-up come from the main thread. */
const { plan, auditId, handover } = inject("run");
const setup = await receiveSetup(handover);
if (setup !== undefined) {
  const suite = await openSuite(setup);
  registerCases({
    plan,
    auditId,
    suite: () => suite,
    // Nobody reads it: the main thread takes the verdict itself.
    describe: ({ status, message }) => `${status}: ${message}`,
  });
}
