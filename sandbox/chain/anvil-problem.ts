import { loopback, noSuchInterface, portNotAllowed } from "../listen.ts";
import { Problem } from "../problem.ts";
import type { AnvilOptions } from "./anvil.ts";

/**
 * Anvil is gone, and nobody told it to go.
 *
 * @param how `exit code 1` or the name of a signal
 */
export function deathOf(how: string, logs: string): Problem {
  return new Problem(
    "chain-died",
    `Anvil ended by itself (${how}). Its last words: ${lastLine(logs)}`,
    "Start the sandbox again.",
  );
}

/** What kept Anvil from listening, told from what it printed. */
export function startProblem(
  logs: string,
  { host = loopback, port, forkUrl, state }: AnvilOptions,
  cause: unknown,
): Problem {
  if (/cannot assign requested address/i.test(logs)) return noSuchInterface(host, cause);
  if (port !== undefined && port > 0 && /permission denied/i.test(logs)) {
    return portNotAllowed(port, "--rpc-port", cause);
  }
  if (/address already in use/i.test(logs)) {
    return new Problem(
      "port-in-use",
      `Port ${port} is in use, Anvil cannot listen there.`,
      "Choose another with --rpc-port, or 0 for a free one.",
      { cause },
    );
  }
  if (state !== undefined && logs.includes("--state <PATH>")) {
    const reason = /failed to parse.*/.exec(logs)?.[0] ?? lastLine(logs);
    return new Problem(
      "config",
      `${state} is not a state that Anvil wrote: ${reason}`,
      "Check --state. Another version of Anvil may have written it; with the file moved away, the chain starts empty.",
      { cause },
    );
  }
  if (forkUrl !== undefined) {
    return new Problem(
      "fork-unreachable",
      `The chain at ${forkUrl} cannot be forked: ${forkComplaint(logs)}`,
      "Check --fork-url and --fork-block-number.",
      { cause },
    );
  }
  return new Problem(
    "chain-start-failed",
    `Anvil did not start: ${logs.trim() || String(cause)}`,
    "`x402-assay doctor` looks whether it can run here.",
    { cause },
  );
}

/** What Anvil gives as the reason, in one line. */
function forkComplaint(logs: string): string {
  const [, complaint] = /^Error: ([\s\S]+)/m.exec(logs) ?? [];
  return (complaint ?? lastLine(logs)).trim().replace(/\s*\n\s*/g, "; ");
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) || "nothing";
}
