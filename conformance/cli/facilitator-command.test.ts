import { afterAll, beforeAll, describe, test } from "vitest";
import { type Sandbox, startSandbox } from "#sandbox";
import { run } from "./testing/command.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

const judge = (...args: string[]) =>
  run([
    "conformance",
    "facilitator",
    "--url",
    sandbox.description.facilitatorUrl,
    "--only",
    "facilitator.settlement.without-verify",
    "--only",
    "facilitator.api.supported",
    ...args,
  ]);

test("{port} means nothing where nothing is started", async ({ expect }) => {
  expect(await run(["conformance", "facilitator", "--url", "http://127.0.0.1:{port}"])).toEqual({
    code: 2,
    stdout: "",
    stderr: expect.stringContaining("http://127.0.0.1:{port} has {port} in it"),
  });
});

describe.concurrent("a facilitator that runs already", () => {
  test("on another chain is not blamed for the payments that it cannot settle", async ({ expect }) => {
    const { code, stdout } = await judge();
    expect(stdout).toContain("note: The facilitator runs already, and this run has a chain of its own");
    expect(stdout).toContain("nothing shows that the facilitator at");
    expect(stdout).toMatch(/^3 inconclusive; /m);
    expect(code).toBe(3);
  });

  test("on the chain of the sandbox that is named is judged", async ({ expect }) => {
    const { code, stdout } = await judge("--sandbox", sandbox.description.adminUrl);
    expect(stdout).toMatch(/^3 pass; /m);
    expect(stdout).not.toContain("note:");
    expect(code).toBe(0);
  });
});
