import { expect, test } from "vitest";
import { startProblem } from "./anvil-problem.ts";

test("Anvil's complaint about a port that only an administrator may take is told as that of any server", () => {
  const logs = "Error: Permission denied (os error 13)";
  expect(startProblem(logs, { port: 80 }, new Error("Anvil exited"))).toMatchObject({
    code: "config",
    message: "This user may not listen on port 80.",
    next: "Choose one from 1024 on with --rpc-port, or 0 for a free one.",
  });
  expect(startProblem(logs, { port: 0 }, new Error("Anvil exited")).code).toBe("chain-start-failed");
});
