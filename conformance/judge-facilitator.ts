import type { SandboxDescription } from "#sandbox";
import type { FacilitatorRunSetup } from "./engine/facilitator/index.ts";
import type { RunReport } from "./report/index.ts";
import { type RunOptions, runSuite } from "./run-suite.ts";
import {
  type FacilitatorSubject,
  facilitatorAt,
  facilitatorFirstLook,
  freePort,
  startFacilitatorCommand,
  startReferenceFacilitator,
} from "./subjects/index.ts";
import { facilitatorSuite } from "./suites.ts";

/** Which facilitator to judge; without `url`, the reference facilitator. */
export interface FacilitatorTarget {
  /** Its base URL; `{port}` stands for the port that `start` is given. */
  readonly url?: string | undefined;
  readonly start?: string | undefined;
  readonly ready?: string | undefined;
  /** Headers of every request, names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long a facilitator that is started may take to get ready, in milliseconds. */
  readonly readyTimeoutMs?: number | undefined;
}

/** A run of the facilitator suite. */
export interface FacilitatorRunOptions extends RunOptions {
  readonly target: FacilitatorTarget;
}

/**
 * Judges a facilitator: brings up a sandbox and the subject, runs the cases, ends both, and gives the report.
 *
 * @throws Problem when the sandbox or the subject cannot be reached, or nothing is left to run; the signal's reason
 */
export function judgeFacilitator({ target, ...options }: FacilitatorRunOptions): Promise<RunReport> {
  const { protocol, set } = options.selection;
  const judgedIn = protocol ?? set;
  return runSuite<FacilitatorRunSetup>(facilitatorSuite, options, async (sandbox, basics) => {
    const subject = await stageFacilitator(target, sandbox, options.signal);
    return {
      setup: {
        ...basics,
        role: "facilitator",
        subject: subject.setup,
        ...(judgedIn === undefined ? {} : { protocol: judgedIn }),
      },
      firstLook: async () => [
        ...(await facilitatorFirstLook(subject.setup, sandbox, judgedIn, options.timeoutMs)),
        ...(isElsewhere(target, options) ? [notOfThisChain] : []),
      ],
      accidents: () => subject.accidents?.() ?? [],
      stop: () => subject.stop(),
    };
  });
}

/** A facilitator that runs already has a chain already, and a sandbox that the run starts is another one. */
function isElsewhere({ url, start }: FacilitatorTarget, { sandboxUrl }: RunOptions): boolean {
  return url !== undefined && start === undefined && sandboxUrl === undefined;
}

const notOfThisChain =
  "The facilitator runs already, and this run has a chain of its own, which it cannot know: no payment of the suite can be settled. Let the suite start it with --start, or let it settle on the chain of `x402-assay sandbox` and give --sandbox, the admin URL that it prints.";

/**
 * Starts the facilitator, or reaches the one that runs; without a URL, the reference facilitator.
 *
 * @throws Problem `subject-not-ready`, `port-in-use`; the signal's reason
 */
export async function stageFacilitator(
  { url, start, ready, readyTimeoutMs, headers }: FacilitatorTarget,
  sandbox: SandboxDescription,
  signal?: AbortSignal,
): Promise<FacilitatorSubject> {
  if (url === undefined) return startReferenceFacilitator(sandbox);
  const port = await freePort();
  const atPort = (text: string) => text.replaceAll("{port}", String(port)).replace(/\/$/, "");
  if (start === undefined) return facilitatorAt(atPort(url), headers);
  const readyUrl = ready === undefined ? undefined : atPort(ready);
  return startFacilitatorCommand(
    { command: start, url: atPort(url), port, headers, readyUrl, readyTimeoutMs, signal },
    sandbox,
  );
}
