import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "#sandbox";
import { sellerCases } from "../../cases/seller/index.ts";
import { newsOfSecondAttempts } from "../../engine/index.ts";
import { freePort, startCommand } from "../../subjects/index.ts";
import { judge } from "./run.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

test("a seller that one request ends fails where that is sent, and nowhere else", async () => {
  const program = fileURLToPath(new URL("testing/crashing-seller.ts", import.meta.url));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const subject = await startCommand(
    {
      command: `"${process.execPath}" "${program}"`,
      origin,
      readyUrl: origin,
      port,
      requests: { paid: { method: "GET", target: "/weather?city=Berlin", headers: {} } },
    },
    sandbox.description,
  );
  try {
    const chosen = /^seller\.(malformed\.not-(base64|json)|replay\.(same|eight)|terms\.amount-|challenge\.)/;
    const cases = sellerCases.filter(({ id, protocol }) => chosen.test(id) && protocol !== "x402@1");
    const { results } = await judge(subject, sandbox.description, "crashing", "x402@2", cases);
    const ending = ["seller.malformed.not-base64", "seller.malformed.not-json"];
    const others = results.filter(({ id }) => !ending.includes(id));
    const unfair = others.filter(({ status }) => status !== "pass" && status !== "not-applicable");
    expect(unfair).toEqual([]);
    for (const id of ending)
      expect(results.find((result) => result.id === id)).toMatchObject({
        status: "fail",
        subjectEnded: "alone",
        message: expect.stringContaining("The program ended by itself meanwhile (exit code 7)."),
      });
    expect(newsOfSecondAttempts("seller", results)).toContainEqual(
      `2 cases made the seller end by itself, and nothing else ran: ${ending.join(", ")}. Whoever sends it the same ends it, too.`,
    );
    expect(subject.accidents?.()).toEqual([
      expect.stringMatching(/\(exit code 7\), \d+ times, and was started again\..*what is this\?/s),
    ]);
  } finally {
    await subject.stop();
  }
});
