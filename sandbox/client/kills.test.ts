import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { derivePayer } from "../chain/index.ts";
import { type Sandbox, startSandbox } from "../sandbox.ts";
import { openBuyer } from "./buyer.ts";
import { PaymentError } from "./payment-error.ts";
import type { PaymentReceipt } from "./receipt.ts";
import { clientSteps } from "./steps.ts";

/** How many purchases are killed; `KILLS=200 npm test -- sandbox/client/kills` takes its time. */
const kills = Number(process.env.KILLS ?? 12);

/** How many buyers run at once; they share one file of records. */
const atOnce = 4;

/** The moments, those around sending first: a short run takes them only. An honest seller never leads to `retry`. */
const aroundSending = [
  ["before", "present"],
  ["after", "present"],
  ["after", "conclude"],
  ...[1, 2, 4, 8, 16].map((milliseconds) => [String(milliseconds), "present"] as const),
] as const;
const moments = [
  ...aroundSending,
  ...Object.keys(clientSteps)
    .filter((step) => step !== "retry" && step !== "present")
    .flatMap((step) => [["before", step] as const, ["after", step] as const]),
];

let sandbox: Sandbox;
let folder: string;
beforeAll(async () => {
  sandbox = await startSandbox();
  folder = await mkdtemp(join(tmpdir(), "kills-"));
});
afterAll(async () => {
  await sandbox.stop();
  await rm(folder, { recursive: true });
});

test(`no purchase is paid twice or lost, over ${kills} kills`, {
  timeout: 60_000 + kills * 5_000,
}, async () => {
  const { sellerUrl, rpcUrl, network } = sandbox.description;
  const { ledger, fund } = sandbox.chain;
  const payer = derivePayer("kills", "payer");
  await fund(payer.address, BigInt(kills) * 2_000n);
  const recordsFile = join(folder, "payments.sqlite");
  const start = await ledger.now();
  const survivor = openBuyer({
    signer: privateKeyToAccount(payer.privateKey),
    recordsFile,
    rpcUrls: { [network]: rpcUrl },
  });
  const requestOf = (idempotencyKey: string) => ({
    url: `${sellerUrl}/weather?city=${idempotencyKey}`,
    idempotencyKey,
  });

  const killOne = async (key: string, when: string, step: string) => {
    const program = join(import.meta.dirname, "testing/killed-buyer.ts");
    const child = spawn(process.execPath, [program, requestOf(key).url, key, recordsFile, when, step], {
      env: { ...process.env, PAYER_PRIVATE_KEY: payer.privateKey, NODE_COMPILE_CACHE: join(folder, "cache") },
      stdio: ["ignore", "inherit", "inherit"],
    });
    const [, signal] = await once(child, "exit");
    expect(signal, `${when} ${step}`).toBe("SIGKILL");
  };

  const survive = async (key: string): Promise<PaymentReceipt | undefined> => {
    try {
      const outcome = await survivor.pay(requestOf(key));
      return outcome.kind === "paid" ? outcome.receipt : undefined;
    } catch (error) {
      // The reference seller refuses what it has settled before: the money moved before the kill.
      if (!(error instanceof PaymentError) || error.moneyMoved === "no") throw error;
      return error.receipt;
    }
  };

  const purchases = Array.from({ length: kills }, (_, index) => `purchase-number-${index}`);
  const queue = [...purchases.entries()];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, key] = next;
      const [when, step] = moments[index % moments.length] ?? aroundSending[0];
      await killOne(key, when, step);
      const receipt = await survive(key);
      if (receipt === undefined) throw new Error(`${key} has no receipt`);
      // The seller may still be settling what the killed buyer sent.
      const standing = expect.poll(() => survivor.lookup(receipt), { timeout: 20_000 });
      await standing.toMatchObject({ state: "confirmed" });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));

  expect((await ledger.transfersFrom(payer.address, { after: start })).length).toBe(kills);
  for (const key of purchases) {
    expect(await survivor.prepare(requestOf(key)), key).toMatchObject({ payment: { kind: "signed-before" } });
  }
  survivor.close();
});
