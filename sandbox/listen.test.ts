import Fastify from "fastify";
import { expect, test, vi } from "vitest";
import { startProblem } from "./chain/anvil-problem.ts";
import { listen } from "./listen.ts";

/* As tests may run as somebody who may listen everywhere, the system's refusal is given in its own words. */

const refusal = {
  code: "config",
  message: "This user may not listen on port 80.",
  next: expect.stringMatching(/^Choose one from 1024 on with --(rpc-)?port, or 0 for a free one\.$/),
};

test("a port that only an administrator may take is named", async () => {
  const app = Fastify();
  const denied = Object.assign(new Error("listen EACCES: permission denied"), { code: "EACCES" });
  vi.spyOn(app, "listen").mockImplementation(() => Promise.reject(denied));
  await expect(listen(app, { port: 80, flag: "--port" })).rejects.toMatchObject(refusal);
});

test("Anvil's complaint about such a port is told in the same words", () => {
  const logs = "Error: Permission denied (os error 13)";
  expect(startProblem(logs, { port: 80 }, new Error("Anvil exited"))).toMatchObject(refusal);
  expect(startProblem(logs, { port: 0 }, new Error("Anvil exited")).code).toBe("chain-start-failed");
});
