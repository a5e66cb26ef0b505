import { describe, test } from "vitest";
import { run } from "./testing/command.ts";

const oneCase = "seller.replay.same-payment-twice";

describe.concurrent("the catalogue", () => {
  test("list shows every case with its rule", async ({ expect }) => {
    const { code, stdout } = await run(["conformance", "list"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^seller\.replay\.same-payment-twice +S-RPL-01 +MUST\* +\S/m);
  });

  test("list --json is JSON", async ({ expect }) => {
    const { stdout } = await run(["conformance", "list", "--json"]);
    expect(JSON.parse(stdout)).toContainEqual({
      id: oneCase,
      requirement: "S-RPL-01",
      level: "MUST*",
      title: expect.any(String),
      needs: [],
    });
  });

  test("explain tells the rule and its source", async ({ expect }) => {
    const { code, stdout } = await run(["conformance", "explain", oneCase]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^rule +S-RPL-01 \(MUST\*\): .+$/m);
    expect(stdout).toMatch(/^source +V2 /m);
  });

  test.for([
    ["explain", "no.such.case"],
    ["replay", "no.such.case", "--seed", "1"],
  ])("%s of a case that is not there", async (args, { expect }) => {
    expect(await run(["conformance", ...args])).toEqual({
      code: 2,
      stdout: "",
      stderr: "error: There is no case no.such.case.\n`x402-assay conformance list` shows all cases.\n",
    });
  });
});
