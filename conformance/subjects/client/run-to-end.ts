import type { Outcome } from "../../engine/client/index.ts";
import { runCommand } from "../process.ts";

/** Lines of output that are kept: what was bought is among them. */
const linesKept = 1_000;

/** Runs a command until it ends or the signal ends it, and gives what it printed. */
export async function runToEnd(
  command: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Outcome> {
  const program = runCommand(command, env, linesKept);
  const cutOff = new Promise<"cut off">((resolve) => {
    if (signal.aborted) resolve("cut off");
    signal.addEventListener("abort", () => resolve("cut off"), { once: true });
  });
  const end = await Promise.race([program.ended, cutOff]);
  await program.stop();
  const said = program.output();
  return end === "cut off"
    ? { kind: "cut-off", summary: "the program did not end in time", said }
    : { kind: "over", summary: end, said };
}
