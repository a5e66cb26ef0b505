import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { ExactEvmScheme } from "@x402/evm/exact/client";
import { decodePaymentResponseHeader, wrapFetchWithPayment, x402Client } from "@x402/fetch";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { baseSepoliaUsdc, namedAccounts, openLedger } from "../chain/index.ts";
import { pay } from "../client/index.ts";
import { composeProject, describeWithDocker, docker, sandboxImage } from "../testing/docker.ts";
import { SandboxContainer, type StartedSandboxContainer } from "./index.ts";

/** What `GET /weather` costs, in atomic units. */
const price = 1_000n;
const weather = "/weather?city=Berlin";
const testing = join(import.meta.dirname, "testing");

/** Images and containers take their time where many tests share a machine. */
vi.setConfig({ testTimeout: 300_000, hookTimeout: 600_000 });

describeWithDocker("containers of the sandbox", () => {
  let image: string;
  beforeAll(async () => {
    image = await sandboxImage();
  });

  describe("the image", () => {
    test("serves a program that speaks HTTP, and ends in order when it is told to", async () => {
      const { stdout } = await promisify(execFile)(join(testing, "from-outside.sh"), [image]);
      expect(stdout.trimEnd().split("\n")).toEqual([
        "user 1000",
        "unpaid 402",
        'faucet {"address":"0x00000000000000000000000000000000000000AA","balance":"5"}',
        'chain {"jsonrpc":"2.0","id":1,"result":"0x14a34"}',
        'faults "active":[{"id":1,"name":"settle-refuses"',
        // 137 would say that the engine had to kill it.
        "stopped 0",
      ]);
    });

    test("says what is wrong with a flag, and ends", async () => {
      await expect(docker("run", "--rm", image, "--block-time", "0")).rejects.toMatchObject({
        code: 2,
        stderr: expect.stringContaining("Expected a whole number of seconds"),
      });
    });

    test("a gateway of one's own joins it by compose", async () => {
      const compose = await composeProject({ SANDBOX_IMAGE: image, GATEWAY: join(testing, "gateway") });
      onTestFinished(async () => void (await compose("down", "--volumes")));
      await compose("--profile", "gateway", "build", "gateway");
      await compose("--profile", "gateway", "up", "--detach", "--no-build");
      const url = `http://${await compose("port", "gateway", "3000")}${weather}`;
      const ledger = openLedger(`http://${await compose("port", "sandbox", "8545")}`, baseSepoliaUsdc);
      const signer = privateKeyToAccount(namedAccounts.payer.privateKey);
      const outcome = await vi.waitFor(() => pay(url, { signer, maxAmount: price }), { timeout: 60_000 });
      expect(outcome.kind).toBe("paid");
      expect(await ledger.balanceOf(namedAccounts.seller.address)).toBe(price);
    });
  });

  describe("SandboxContainer", () => {
    let sandbox: StartedSandboxContainer;
    beforeAll(async () => {
      sandbox = await new SandboxContainer(image).start();
    });
    afterAll(() => sandbox?.stop());

    test("an official client pays the seller inside", async () => {
      const { payer, seller } = sandbox.getAccounts();
      const ledger = openLedger(sandbox.getRpcUrl(), sandbox.getAsset());
      const before = await ledger.balanceOf(seller.address);
      const response = await officialFetch(payer.privateKey)(sandbox.getSellerUrl() + weather);
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ city: "Berlin" });
      const receipt = decodePaymentResponseHeader(response.headers.get("payment-response") ?? "");
      expect(receipt).toMatchObject({ success: true, payer: payer.address, network: sandbox.getNetwork() });
      expect(await ledger.balanceOf(seller.address)).toBe(before + price);
    });

    test("tells where everything is, as this machine reaches it", async () => {
      expect(sandbox.getChainId()).toBe(84_532);
      expect(sandbox.getNetwork()).toBe("eip155:84532");
      expect(sandbox.getAsset()).toBe(baseSepoliaUsdc);
      expect(sandbox.getAccounts()).toEqual(namedAccounts);
      expect((await fetch(`${sandbox.getFacilitatorUrl()}/supported`)).status).toBe(200);
      for (const url of [sandbox.getRpcUrl(), sandbox.getFaultyRpcUrl()])
        await expect(openLedger(url, sandbox.getAsset()).now()).resolves.toBeGreaterThan(0n);
    });

    test("its faucet gives money", async () => {
      const account = "0x00000000000000000000000000000000000000aa";
      expect(await sandbox.fund(account, 5n)).toBe(5n);
      expect(await sandbox.fund(account, 6n)).toBe(11n);
      await expect(sandbox.fund(account, 0n)).rejects.toMatchObject({
        code: "usage",
        message: expect.stringContaining("amount: expected atomic units"),
      });
    });

    test("its clock moves", async () => {
      // For good, so not the one that others buy in.
      const other = await new SandboxContainer(image).start();
      onTestFinished(async () => void (await other.stop()));
      const before = await other.getTime();
      expect(await other.advanceTime(3_600)).toBeGreaterThanOrEqual(before + 3_600n);
      expect(await other.getTime()).toBeGreaterThanOrEqual(before + 3_600n);
    });

    test("its faults bite, and are switched off", async () => {
      const { privateKey } = sandbox.getAccounts().payer;
      const buy = () => officialFetch(privateKey)(sandbox.getSellerUrl() + weather);
      const { id } = await sandbox.addFault({ name: "settle-refuses", times: 1 });
      expect((await buy()).status).toBe(402);
      expect(await sandbox.getFaults()).toMatchObject([
        { id, name: "settle-refuses", reached: 1, on: false },
      ]);
      expect((await buy()).status).toBe(200);

      const lasting = await sandbox.addFault({ name: "settle-refuses" });
      await sandbox.removeFault(lasting.id);
      await sandbox.addFault({ name: "settle-refuses" });
      await sandbox.clearFaults();
      expect((await sandbox.getFaults()).filter(({ on }) => on)).toEqual([]);
      expect((await buy()).status).toBe(200);
    });

    test("is configured before it starts", async () => {
      const other = await new SandboxContainer(image)
        .withProtocols("x402@2", "x402@1")
        .withBlockTime(1)
        .withoutBatching()
        .start();
      onTestFinished(async () => void (await other.stop()));
      const answer = await fetch(other.getSellerUrl() + weather);
      expect(await answer.json()).toMatchObject({ x402Version: 1 });
      const ledger = openLedger(other.getRpcUrl(), other.getAsset());
      const before = await ledger.now();
      await vi.waitUntil(async () => (await ledger.now()) > before, { timeout: 20_000 });
    });

    test("says why it does not start", async () => {
      const start = new SandboxContainer(image).withFork("http://127.0.0.1:1").start();
      await expect(start).rejects.toThrow("No chain answers at http://127.0.0.1:1");
    });
  });
});

/** The official client with a signer and nothing else. */
function officialFetch(privateKey: `0x${string}`): typeof fetch {
  const signer = privateKeyToAccount(privateKey);
  return wrapFetchWithPayment(fetch, new x402Client().register("eip155:*", new ExactEvmScheme(signer)));
}
