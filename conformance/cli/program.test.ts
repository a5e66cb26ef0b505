import { expect, test } from "vitest";
import manifest from "x402-assay/package.json" with { type: "json" };
import { run } from "./testing/command.ts";

test("--version tells the version", async () => {
  expect(await run(["--version"])).toMatchObject({ code: 0, stdout: `${manifest.version}\n` });
});

test("an unknown command is told", async () => {
  expect(await run(["sandwich"])).toMatchObject({ code: 2, stderr: expect.stringContaining("'sandwich'") });
});
