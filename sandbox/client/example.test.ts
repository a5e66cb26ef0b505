import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { namedAccounts } from "../chain/index.ts";
import { paymentsOf, sellerOf } from "./testing/buying.ts";
import { answer } from "./testing/scripted-seller.ts";

function run(url: string) {
  const env = { ...process.env, PAYER_PRIVATE_KEY: namedAccounts.payer.privateKey };
  return promisify(execFile)(process.execPath, [join(import.meta.dirname, "example.ts"), url], { env });
}

test("the example prints what it bought, and says what failed", async () => {
  const seller = await sellerOf();
  expect(await run(seller.origin)).toMatchObject({
    stdout: '{"sunny":true}\n',
    stderr: expect.stringContaining("Paid"),
  });
  expect(paymentsOf(seller).length).toBe(1);
  const { origin } = await sellerOf({ paid: answer(503, {}) });
  await expect(run(origin)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("Money moved: maybe"),
  });
});
