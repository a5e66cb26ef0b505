import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "#sandbox";
import { run } from "./testing/command.ts";
import { v1FacilitatorBefore } from "./testing/servers.ts";

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

// One after the other: these runs share a facilitator, and what one does to its transactions another would feel.
describe("a facilitator that speaks v1 alone", () => {
  const judgeV1 = async (...args: string[]) => {
    const { facilitatorUrl, adminUrl } = sandbox.description;
    const cases = ["v1.verify-expired", "v1.reverted", "verify.expired"];
    const only = cases.flatMap((name) => ["--only", `facilitator.${name}`]);
    const url = await v1FacilitatorBefore(facilitatorUrl);
    return run(["conformance", "facilitator", "--url", url, "--sandbox", adminUrl, ...only, ...args]);
  };

  test("is judged in v1, and told what does not apply", async () => {
    const { code, stdout } = await judgeV1();
    expect(stdout).toMatch(/^note: GET .*\/supported lists kinds of x402 v1 only: .*--protocol x402@1/m);
    expect(stdout).toMatch(/^3 pass, 1 not-applicable; /m);
    expect(code).toBe(0);
  });

  test("needs to be told nothing when it is to be judged in v1", async () => {
    const { code, stdout } = await judgeV1("--protocol", "x402@1");
    expect(stdout).not.toContain("note:");
    expect(stdout).toMatch(/^3 pass; /m);
    expect(code).toBe(0);
  });

  test("is judged in v2 when that is asked for, and told what it lists", async () => {
    const { code, stdout } = await judgeV1("--protocol", "x402@2");
    expect(stdout).toMatch(/^note: GET .* lists no kind of x402@2, .*--protocol x402@1 judges it/m);
    expect(stdout).toMatch(/^2 inconclusive; /m);
    expect(code).toBe(3);
  });
});
