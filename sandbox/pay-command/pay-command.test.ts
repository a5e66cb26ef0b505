import { CommanderError } from "commander";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { derivePayer, namedAccounts } from "../chain/index.ts";
import { sellerOf } from "../client/testing/buying.ts";
import {
  answer,
  challengeWith,
  demand,
  goodEntry,
  goodReceipt,
  hangUp,
  type Script,
  startScriptedSeller,
} from "../client/testing/scripted-seller.ts";
import { payCommand } from "./pay-command.ts";

beforeEach(() => vi.stubEnv("PAYER_PRIVATE_KEY", undefined));
afterEach(() => vi.unstubAllEnvs());

/** Runs `pay …args` in this process, as the command line does. */
async function run(...args: string[]) {
  let out = "";
  let err = "";
  const command = payCommand().configureOutput({
    writeOut: (text) => {
      out += text;
    },
    writeErr: (text) => {
      err += text;
    },
  });
  const ended: unknown = await command.parseAsync(args, { from: "user" }).catch((error: unknown) => error);
  if (ended !== command && !(ended instanceof CommanderError)) throw ended;
  return { exitCode: ended instanceof CommanderError ? ended.exitCode : 0, out, err };
}

const payment = {
  amount: "1000",
  asset: goodEntry.asset,
  network: "eip155:84532",
  payTo: goodEntry.payTo,
  payer: namedAccounts.payer.address,
};

describe("pay", () => {
  test("prints what was paid, the transaction and the body", async () => {
    const { origin } = await sellerOf();
    const { exitCode, out, err } = await run(`${origin}/weather`);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
    expect(out.split("\n")).toEqual([
      "status 200",
      `paid 0.001 USDC (1000 atomic units) to ${goodEntry.payTo} on eip155:84532`,
      `transaction ${goodReceipt.transaction}`,
      "",
      "{",
      '  "sunny": true',
      "}",
      "",
    ]);
  });

  test("--json prints one object", async () => {
    const { origin } = await sellerOf();
    const { exitCode, out } = await run(origin, "--json");
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toEqual({
      status: 200,
      paid: { ...payment, transaction: goodReceipt.transaction },
      body: { sunny: true },
    });
  });

  test("pays with the key of the environment", async () => {
    const { privateKey, address } = derivePayer("pay-command", "environment");
    vi.stubEnv("PAYER_PRIVATE_KEY", privateKey);
    const { origin, received } = await sellerOf();
    expect(JSON.parse((await run(origin, "--json")).out)).toMatchObject({ paid: { payer: address } });
    expect(received[1]?.signatureIsValid).toBe(true);
  });

  test("prints the body of a free answer", async () => {
    const { origin } = await sellerOf({ unpaid: (reply) => reply.send("free as air") });
    expect(await run(origin)).toEqual({
      exitCode: 0,
      out: "status 200\npaid nothing\n\nfree as air\n",
      err: "",
    });
  });

  test("sends method, headers and data; JSON data is sent as JSON", async () => {
    const { origin, received } = await sellerOf();
    await run(origin, "--data", '{"a":1}', "--header", "X-One: 1", "--header", "X-Two: a: b");
    await run(origin, "--method", "put", "--data", "text", "--header", "Content-Type: text/x");
    expect(received[1]).toMatchObject({
      method: "POST",
      headers: { "x-one": "1", "x-two": "a: b", "content-type": "application/json" },
      body: Buffer.from('{"a":1}'),
    });
    expect(received[3]).toMatchObject({
      method: "PUT",
      headers: { "content-type": "text/x" },
      body: Buffer.from("text"),
    });
  });

  test("--dry-run prints the price and pays nothing", async () => {
    const { origin, received } = await sellerOf();
    expect(await run(origin, "--dry-run")).toEqual({
      exitCode: 0,
      out: `would pay 0.001 USDC (1000 atomic units) to ${goodEntry.payTo} on eip155:84532\n`,
      err: "",
    });
    expect(JSON.parse((await run(origin, "--dry-run", "--json")).out)).toEqual({
      status: 402,
      paid: null,
      wouldPay: payment,
      body: null,
    });
    expect(received.every((request) => request.payment === undefined)).toBe(true);
  });
});

describe("pay to a seller of upto", () => {
  const facilitatorAddress = namedAccounts.facilitator.address;
  const upto = { ...goodEntry, scheme: "upto", extra: { ...goodEntry.extra, facilitatorAddress } };
  const unpaid = demand(challengeWith(upto));

  test("prints what was charged of the maximum", async () => {
    const { origin } = await sellerOf({ unpaid, paid: answer(200, {}, { ...goodReceipt, amount: "400" }) });
    const { exitCode, out } = await run(origin, "--json");
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ paid: { amount: "400", maxAmount: "1000" } });
    expect((await run(origin)).out).toContain("paid 0.0004 USDC (400 atomic units)");
  });

  test("says that a receipt of more than was signed for is wrong", async () => {
    const { origin } = await sellerOf({ unpaid, paid: answer(200, {}, { ...goodReceipt, amount: "1001" }) });
    const { out } = await run(origin);
    expect(out).toContain("paid 0.001 USDC (1000 atomic units)");
    expect(out).toContain("says that 1001 atomic units were charged; 1000 were signed for");
  });

  test("--dry-run prints the maximum", async () => {
    const { origin } = await sellerOf({ unpaid });
    expect((await run(origin, "--dry-run")).out).toContain("would pay up to 0.001 USDC (1000 atomic units)");
    expect(JSON.parse((await run(origin, "--dry-run", "--json")).out)).toMatchObject({
      wouldPay: { amount: "1000", maxAmount: "1000" },
    });
  });

  test("says how to give Permit2 its allowance when there is none", async () => {
    const paid = answer(412, { error: "PERMIT2_ALLOWANCE_REQUIRED" });
    const { origin } = await sellerOf({ unpaid, paid });
    const { exitCode, err } = await run(origin);
    expect(exitCode).toBe(1);
    const allowed = "000000000022d473030f116ddee9f6b43ac78ba3";
    expect(err).toContain(
      `cast send ${goodEntry.asset} 0x095ea7b3${allowed.padStart(64, "0")}${"f".repeat(64)}`,
    );
    expect(err).not.toContain("idempotency");
  });
});

describe("pay ends with 1", () => {
  test.each<[string, Script, string[], string]>([
    ["an answer that is not 2xx", { unpaid: answer(404, {}) }, [], "The seller answered 404."],
    ["a price over the limit", {}, ["--max-amount", "999"], "the limit is 999"],
    ["another network than named", {}, ["--network", "eip155:8453"], "network eip155:84532 is not allowed"],
    ["a second 402", { paid: demand(challengeWith(goodEntry)) }, [], "The seller refused the payment"],
    ["a lost connection", { paid: hangUp }, [], "Money may have moved."],
    [
      "a failure after payment",
      { paid: answer(500, {}, goodReceipt) },
      [],
      `Money has moved: transaction ${goodReceipt.transaction}.`,
    ],
  ])("on %s", async (_, script, flags, sentence) => {
    const { origin } = await sellerOf(script);
    const { exitCode, err } = await run(origin, ...flags);
    expect(exitCode).toBe(1);
    expect(err).toContain(sentence);
    expect(err.trimEnd()).not.toContain("\n");
  });

  test.each<[string, Script, string[], string]>([
    ["a price over the limit", {}, ["--max-amount", "999"], "--max-amount 1000"],
    ["another network than named", {}, ["--network", "eip155:8453"], "--network"],
    ["a lost connection", { paid: hangUp }, [], "each run of `pay`"],
    ["a failure after payment", { paid: answer(500, {}, goodReceipt) }, [], "each run of `pay`"],
  ])("on %s, and advises what a command line can do", async (_, script, flags, advice) => {
    const { origin } = await sellerOf(script);
    const { err } = await run(origin, ...flags);
    expect(err).toContain(advice);
    expect(err).not.toMatch(/maxAmount|allowed(Networks|Assets)|idempotency/);
    const { out } = await run(origin, "--json", ...flags);
    expect(JSON.parse(out)).toMatchObject({ error: { next: expect.stringContaining(advice) } });
  });

  test("when the body of a paid answer breaks off, and still prints the payment", async () => {
    const { origin } = await sellerOf({
      paid: (reply) => {
        reply.hijack();
        const receipt = Buffer.from(JSON.stringify(goodReceipt)).toString("base64");
        reply.raw.writeHead(200, { "content-length": "100", "payment-response": receipt });
        reply.raw.write("half", () => reply.raw.socket?.destroy());
      },
    });
    const { exitCode, out } = await run(origin, "--json");
    expect(exitCode).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      paid: { transaction: goodReceipt.transaction },
      body: null,
      error: { code: "body-lost", moneyMoved: "yes" },
    });
  });

  test("and says why in --json too", async () => {
    const { origin } = await sellerOf();
    const { exitCode, out } = await run(origin, "--json", "--max-amount", "1");
    expect(exitCode).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      status: 402,
      paid: null,
      error: { code: "over-limit", moneyMoved: "no" },
    });
  });
});

describe("pay ends with 2, one sentence and nothing sent", () => {
  const local = "http://127.0.0.1:1/";
  test.each<[string, string[], string]>([
    ["no URL", [], "missing required argument 'url'"],
    ["half a URL", ["weather"], "whole URL"],
    ["another scheme", ["file:///etc/passwd"], "whole URL"],
    ["a bad header", [local, "--header", "no colon"], "Name: value"],
    ["a bad amount", [local, "--max-amount", "0.25"], "atomic units"],
    ["a bad network", [local, "--network", "base-sepolia"], "CAIP-2"],
    ["an unknown flag", [local, "--free"], "unknown option '--free'"],
    ["data in a GET", [local, "--method", "GET", "--data", "x"], "GET"],
    ["a seller elsewhere", ["http://seller.example/"], "--network"],
    [
      "a seller elsewhere and no key",
      ["http://seller.example/", "--network", "eip155:84532"],
      "PAYER_PRIVATE_KEY",
    ],
  ])("on %s", async (_, args, sentence) => {
    const { exitCode, out, err } = await run(...args);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: "" });
    expect(err).toContain(sentence);
  });

  test.each(["0x12", "secret", `0x${"0".repeat(64)}`])("on the key %s, which is not printed", async (key) => {
    vi.stubEnv("PAYER_PRIVATE_KEY", key);
    const { exitCode, err } = await run(local);
    expect(exitCode).toBe(2);
    expect(err).not.toContain(key);
    expect(err).toContain("not a private key");
  });
});

test("pay ends with 3 when the seller is not there", async () => {
  const { origin, close } = await startScriptedSeller();
  await close();
  const { exitCode, err } = await run(origin);
  expect(exitCode).toBe(3);
  expect(err).toContain("did not answer (ECONNREFUSED)");
});

test("pay --help ends with 0 and names the key", async () => {
  const { exitCode, out } = await run("--help");
  expect(exitCode).toBe(0);
  expect(out).toContain("PAYER_PRIVATE_KEY");
});
