import module from "node:module";
import { inject } from "vitest";
import { compileCacheFolder } from "../compile-cache.ts";
import { receiveAssignment } from "./handover.ts";
import "./provided.ts";

/* Vitest loads this file in a worker of the command line; what to do comes from the main thread. */
// A thread keeps compiled modules only if it says so itself; here it saves a third of the loading.
const cache = compileCacheFolder("node-compile-cache");
if (cache !== undefined) module.enableCompileCache(cache);
const [{ caseTimeout }, { redactedCase, redactor }, { openSuite }, { registerCases }] = await Promise.all([
  import("../engine/index.ts"),
  import("../report/index.ts"),
  import("../suites.ts"),
  import("./register-cases.ts"),
]);

const { plan, auditId, handover, lanes } = inject("run");
const assignment = await receiveAssignment(handover);
if (assignment !== undefined) {
  const suite = await openSuite(assignment.setup, {
    lanes,
    longest: caseTimeout(assignment.setup.timeoutMs),
  });
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
