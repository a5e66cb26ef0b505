import { inspect } from "node:util";
import { Command, CommanderError } from "commander";
import { Problem, payCommand } from "#sandbox";
import { tool } from "../report/index.ts";
import { baselineCommand } from "./baseline-command.ts";
import { conformanceCommand } from "./conformance-command.ts";
import { doctorCommand } from "./doctor-command.ts";
import { exitCodes } from "./exit-codes.ts";
import { initCommand } from "./init-command.ts";
import { Interruption } from "./interruption.ts";
import { loadCommand } from "./load-command.ts";
import { allPrinted, printError } from "./output.ts";
import { reportCommand } from "./report-command.ts";
import { sandboxCommand } from "./sandbox-command.ts";

/** The command line of x402-assay; every exit code is given here or by a command's own verdict. */
const program = new Command("x402-assay")
  .description("a sandbox for HTTP 402 payments (x402), and a judge of programs that speak it")
  .version(tool.version)
  .addCommand(sandboxCommand())
  .addCommand(payCommand())
  .addCommand(conformanceCommand())
  .addCommand(reportCommand())
  .addCommand(baselineCommand())
  .addCommand(initCommand())
  .addCommand(doctorCommand())
  .addCommand(loadCommand());

/** What a shell reports for a program that wrote to a pipe nobody reads any more (SIGPIPE). */
const pipeClosed = 141;

throwInsteadOfExit(program);

// What escapes every catch is a fault of ours: Node's own exit code 1 would read as "not conformant".
process.on("uncaughtException", (error) => process.exit(isClosedPipe(error) ? pipeClosed : explain(error)));
// Before Vitest's own listener, which would end us with 1 as well.
process.on("unhandledRejection", (error) => process.exit(explain(error)));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}
// Ending the process at once would cut it off.
await allPrinted();
process.exit();

/** Commands inherit nothing that was set after they were added, so each is told. */
function throwInsteadOfExit(command: Command): void {
  if (command.name() !== "pay") command.exitOverride().showHelpAfterError("(--help shows the flags)");
  for (const child of command.commands) throwInsteadOfExit(child);
}

function explain(error: unknown): number {
  // Commander has printed its own message already.
  if (error instanceof CommanderError) return isUsage(error) ? 2 : error.exitCode;
  if (error instanceof Interruption) return error.exitCode;
  if (error instanceof Problem) {
    printError(`error: ${error.message}${error.next === "" ? "" : `\n${error.next}`}`);
    return exitCodes[error.code];
  }
  printError(inspect(error));
  return 4;
}

function isClosedPipe(error: Error): boolean {
  return "code" in error && error.code === "EPIPE" && "syscall" in error && error.syscall === "write";
}

function isUsage(error: CommanderError): boolean {
  return error.code.startsWith("commander.") && error.exitCode !== 0;
}
