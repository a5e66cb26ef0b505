import { once } from "node:events";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { privateKeyToAccount } from "viem/accounts";
import { beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { pay } from "../client/index.ts";
import { type SandboxOptions, startSandbox } from "../sandbox.ts";
import { anvilImage, describeWithDocker, docker } from "../testing/docker.ts";
import { isListening } from "../testing/remains.ts";

/** Containers take their time where many tests share a machine. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

describeWithDocker("a sandbox with its chain in a container", () => {
  let image: string;
  beforeAll(async () => {
    image = await anvilImage();
  });

  test("sells, moves its clock, and leaves no container and no port", async () => {
    const sandbox = await start();
    const { rpcUrl, accounts } = sandbox.description;
    expect(rpcUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const port = Number(new URL(rpcUrl).port);
    expect(await isListening(port, "127.0.0.2")).toBe(false);
    await buy(sandbox);
    expect(await sandbox.chain.ledger.balanceOf(accounts.seller.address)).toBe(1_000n);
    const before = await sandbox.chain.clock.now();
    await sandbox.chain.clock.advance(3_600);
    expect(await sandbox.chain.clock.now()).toBeGreaterThanOrEqual(before + 3_600n);

    expect(await containersOn(port)).toHaveLength(1);
    await Promise.all([sandbox.stop(), sandbox.stop()]);
    expect(await sandbox.ended).toBeUndefined();
    expect(await containersOn(port)).toEqual([]);
    expect(await isListening(port)).toBe(false);
  });

  test("keeps its state in a file of the user", async () => {
    const folder = await mkdtemp(join(tmpdir(), "x402-assay-container-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const state = join(folder, "chain.json");
    const first = await start({ state });
    await buy(first);
    await first.stop();
    expect(await readdir(folder)).toEqual(["chain.json", "chain.json.facilitator.sqlite"]);
    expect((await stat(state)).uid).toBe(process.getuid?.());
    const second = await start({ state });
    const { address } = second.description.accounts.seller;
    expect(await second.chain.ledger.balanceOf(address)).toBe(1_000n);
  });

  test("tells when its container is killed", async () => {
    const sandbox = await start();
    const [container = ""] = await containersOn(Number(new URL(sandbox.description.rpcUrl).port));
    await docker("kill", container);
    expect(await sandbox.ended).toMatchObject({
      code: "chain-died",
      message: expect.stringContaining("exit code 137"),
    });
    await sandbox.stop();
    expect(await docker("ps", "--all", "--quiet", "--filter", `id=${container}`)).toBe("");
  });

  test("an interrupted start leaves no container", async () => {
    const before = await docker("ps", "--all", "--quiet", "--filter", `ancestor=${image}`);
    for (const delayMs of [0, 100, 400]) {
      const controller = new AbortController();
      const starting = start({ signal: controller.signal });
      setTimeout(() => controller.abort(new Error("enough")), delayMs);
      await starting.then(
        // An engine that is fast enough has it running by then.
        (running) => running.stop(),
        (error) => expect(error).toMatchObject({ message: "enough" }),
      );
    }
    expect(await docker("ps", "--all", "--quiet", "--filter", `ancestor=${image}`)).toBe(before);
  });

  test("a port that is in use is named", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    await expect(start({ rpcPort: address.port })).rejects.toMatchObject({
      code: "port-in-use",
      message: expect.stringContaining(`Port ${address.port} is in use`),
    });
    expect(await containersOn(address.port)).toEqual([]);
  });

  test.each([
    [{ anvilImage: "127.0.0.1:1/none" }, "chain-start-failed", /the image 127\.0\.0\.1:1\/none: /],
    [{ forkUrl: "http://127.0.0.1:1" }, "config", /cannot reach from its container/],
    [{ host: "192.0.2.1" }, "config", /no interface with the address 192\.0\.2\.1/],
  ] as const)("%j is refused", async (options, code, message) => {
    await expect(start(options)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  async function start(options: SandboxOptions = {}) {
    const sandbox = await startSandbox({ anvilImage: image, ...options });
    onTestFinished(sandbox.stop);
    return sandbox;
  }

  /** Of this image only: the engine gives one port to several containers, each on another address of this machine. */
  async function containersOn(port: number): Promise<string[]> {
    const filters = ["--filter", `publish=${port}`, "--filter", `ancestor=${image}`];
    const ids = await docker("ps", "--all", "--quiet", "--no-trunc", ...filters);
    return ids.split("\n").filter(Boolean);
  }
});

async function buy({ description }: Awaited<ReturnType<typeof startSandbox>>): Promise<void> {
  const signer = privateKeyToAccount(description.accounts.payer.privateKey);
  const outcome = await pay(`${description.sellerUrl}/weather?city=Berlin`, { signer, maxAmount: 1_000n });
  expect(outcome.kind).toBe("paid");
}
