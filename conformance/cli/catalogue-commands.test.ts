import { describe, test } from "vitest";
import { run } from "./testing/command.ts";

const oneCase = "seller.replay.same-payment-twice";

describe.concurrent("the catalogue", () => {
  test("list shows every case with its rule", async ({ expect }) => {
    const { code, stdout } = await run(["conformance", "list"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^seller\.replay\.same-payment-twice +S-RPL-01 +MUST\* +\S/m);
  });

  test("list names the audits, and says what they are", async ({ expect }) => {
    const { stdout } = await run(["conformance", "list"]);
    expect(stdout).toMatch(
      /^seller\.audit\.deliveries-equal-settlements +S-AUD-01 .* The audit that ends every run: no case/m,
    );
    expect(stdout.match(/The audit that ends every run/g)).toHaveLength(3);
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
    ["seller.audit.deliveries-equal-settlements", "S-AUD-01"],
    ["client.audit.nothing-is-paid-unasked", "C-AUD-01"],
    ["facilitator.audit.reports-equal-transfers", "F-AUD-01"],
  ] as const)(
    "explain knows the audit %s, and replay says how it is repeated",
    async ([id, rule], { expect }) => {
      const { code, stdout } = await run(["conformance", "explain", id]);
      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`^rule +${rule} `, "m"));
      expect(await run(["conformance", "replay", id, "--seed", "1"])).toEqual({
        code: 2,
        stdout: "",
        stderr: expect.stringContaining(
          `error: ${id} is the audit of a whole run, and no case.\nRepeat the run`,
        ),
      });
    },
  );

  test("explain of a misspelled case names the one that was meant", async ({ expect }) => {
    expect(await run(["conformance", "explain", "seller.replay.same-paymnet-twice"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`paymnet-twice. Did you mean ${oneCase}?\n`),
    });
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
