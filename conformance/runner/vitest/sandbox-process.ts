/*
 * A sandbox in a process of its own, for tests: Vitest runs them in workers, in which Hardhat's native part must not be
 * loaded, and with timers and modules that may be mocked. It ends with the worker that started it, however that ends.
 */
import { startSandbox } from "#sandbox";
import type { SandboxMessage } from "./sandbox-message.ts";

const tell = (message: SandboxMessage) => process.send?.(message);

// Ctrl-C in a terminal reaches this process, too; the worker says when the tests are over.
process.on("SIGINT", () => undefined);

const over = new AbortController();
process.once("disconnect", () => over.abort());

try {
  const sandbox = await startSandbox({ signal: over.signal });
  process.once("disconnect", () => void sandbox.stop());
  if (over.signal.aborted) await sandbox.stop();
  tell({ kind: "ready", description: sandbox.description });
} catch (error) {
  if (!over.signal.aborted)
    tell({ kind: "failed", why: error instanceof Error ? error.message : String(error) });
  process.disconnect?.();
}
