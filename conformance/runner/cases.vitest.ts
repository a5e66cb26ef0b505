import { inject } from "vitest";
import { openSuite } from "../suites.ts";
import "./provided.ts";
import { registerCases } from "./register-cases.ts";

/* Vitest loads this file in a worker of the command line; plan and set-up come from the main thread. */
const { setup, plan, auditId } = inject("run");
const suite = await openSuite(setup);
registerCases({
  plan,
  auditId,
  suite: () => suite,
  // Nobody reads it: the main thread takes the verdict itself.
  describe: ({ status, message }) => `${status}: ${message}`,
});
