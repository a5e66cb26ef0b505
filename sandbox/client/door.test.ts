import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { paymentErrors } from "./payment-errors.ts";

/** Prints every module that importing the SDK loads. */
const program = `
  import { registerHooks } from "node:module";
  const loaded = [];
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
  await import("x402-assay/client");
  console.log(JSON.stringify(loaded));
`;

test("the SDK loads neither chain nor servers, and of viem no client", async () => {
  const args = ["--input-type=module", "--eval", program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname });
  const loaded: string[] = JSON.parse(stdout);
  expect(loaded.some((url) => url.endsWith("/sandbox/client/index.ts"))).toBe(true);
  const heavy =
    /anvil|hardhat|fastify|express|commander|vitest|sandbox\/(chain|seller|facilitator|admin|faults)\/|viem\/_esm\/index\.js/;
  expect(loaded.filter((url) => heavy.test(url))).toEqual([]);
});

test("the README's table of errors is the table of errors", async () => {
  const readme = await readFile(join(import.meta.dirname, "README.md"), "utf8");
  const rows = Object.entries(paymentErrors).map(
    ([code, { meaning, moneyMoved, next }]) =>
      `| \`${code}\` | ${moneyMoved.join(", ")} | ${meaning} | ${next} |`,
  );
  expect(readme).toContain(rows.join("\n"));
});
