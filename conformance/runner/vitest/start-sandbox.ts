import { fork } from "node:child_process";
import { once } from "node:events";
import { extname, join } from "node:path";
import { Problem } from "#sandbox";
import { sandboxFor, type UsableSandbox } from "../../sandbox-for.ts";
import type { SandboxMessage } from "./sandbox-message.ts";

/** TypeScript in the repository, JavaScript in the package. */
const program = join(import.meta.dirname, `sandbox-process${extname(import.meta.filename)}`);

/**
 * Reaches the sandbox at `adminUrl`, or starts one in a process of its own.
 *
 * @throws Problem `sandbox-unreachable`, `chain-start-failed`
 */
export async function openTestSandbox(adminUrl?: string): Promise<UsableSandbox> {
  if (adminUrl !== undefined) return sandboxFor(adminUrl, {});
  const child = fork(program, { execArgv: [], env: { ...process.env, NODE_OPTIONS: undefined } });
  const ended = once(child, "exit");
  const stop = async () => {
    if (child.connected) child.disconnect();
    await ended;
  };
  const message = await Promise.race([
    new Promise<SandboxMessage>((resolve) => child.once("message", (told: SandboxMessage) => resolve(told))),
    ended.then(([code]): SandboxMessage => ({ kind: "failed", why: `its process ended with ${code}` })),
  ]);
  if (message.kind === "ready") return { description: message.description, stop };
  await stop();
  throw new Problem(
    "chain-start-failed",
    `The sandbox did not start: ${message.why}.`,
    "Run `npx x402-assay sandbox` to see it alone.",
  );
}
