import { holdsOverMcp } from "./cases/seller/index.ts";
import { type CaseFacts, judgedVersion } from "./engine/index.ts";
import type { RunSetup } from "./engine/seller/index.ts";
import type { RunReport } from "./report/index.ts";
import type { ProtocolId } from "./requirements/index.ts";
import { type RunOptions, runSuite } from "./run-suite.ts";
import { type SellerTarget, stageSeller } from "./stage-seller.ts";
import { firstLook } from "./subjects/index.ts";
import { sellerSuite } from "./suites.ts";

/** A run of the seller suite. */
export interface SellerRunOptions extends RunOptions {
  readonly target: SellerTarget;
}

/**
 * Judges a seller: brings up a sandbox and the subject, runs the cases, ends both, and gives the report.
 *
 * @throws Problem when the sandbox or the subject cannot be reached, or nothing is left to run; the signal's reason
 */
export function judgeSeller({ target, ...options }: SellerRunOptions): Promise<RunReport> {
  const protocol = judgedVersion(options.selection);
  return runSuite<RunSetup>(
    target.tool === undefined ? sellerSuite : toolSuite,
    options,
    async (sandbox, basics, plan) => {
      const subject = await stageSeller(target, sandbox, versionsOf(plan, protocol), options.signal);
      return {
        setup: { ...basics, role: "seller", protocol, subject: subject.setup },
        firstLook: () => firstLook(subject.setup, sandbox, protocol, options.timeoutMs),
        accidents: () => subject.accidents?.() ?? [],
        stop: () => subject.stop(),
      };
    },
  );
}

/** What holds of tools that are paid over MCP. */
const toolSuite = {
  ...sellerSuite,
  cases: sellerSuite.cases.filter(({ id, protocol }) => protocol !== "x402@1" && holdsOverMcp(id)),
};

/** The versions that the reference has to speak for a plan. */
function versionsOf(plan: readonly CaseFacts[], judgedIn: ProtocolId): readonly ProtocolId[] {
  const inV1 = judgedIn === "x402@1" || plan.some(({ protocol }) => protocol === "x402@1");
  return inV1 ? ["x402@2", "x402@1"] : ["x402@2"];
}
