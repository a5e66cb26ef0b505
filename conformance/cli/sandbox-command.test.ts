import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePorts, run, start } from "./testing/command.ts";
import { anvilOf, isThere } from "./testing/processes.ts";
import { nobody, silentServer, tcpServer } from "./testing/servers.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sandbox-command-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("--quiet prints nothing", async () => {
  const { port } = new URL(await nobody());
  const command = start(["sandbox", "--quiet", ...freePorts, "--port", port]);
  await Promise.race([untilListening(port), command.ended]);
  command.signal("SIGTERM");
  expect(await command.ended).toEqual({ code: 0, stdout: "", stderr: "" });
});

describe.concurrent("a sandbox that runs", () => {
  test("--json prints one line that says all, and keeps running", async ({ expect }) => {
    const command = start(["sandbox", "--json", ...freePorts]);
    const ready = JSON.parse(await command.line(/^\{/));
    const account = { address: expect.stringMatching(/^0x/), privateKey: expect.stringMatching(/^0x/) };
    expect(ready).toEqual({
      ready: true,
      startupMs: expect.any(Number),
      rpcUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      chainId: 84_532,
      network: "eip155:84532",
      asset: "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
      faultyRpcUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      facilitatorUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      sellerUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      adminUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      accounts: { payer: account, seller: account, facilitator: account },
    });
    const answer = await fetch(`${ready.sellerUrl}/weather?city=Berlin`);
    expect(answer.status).toBe(402);
    const anvil = anvilOf(command.pid);
    command.signal("SIGTERM");
    const { code, stdout, stderr } = await command.ended;
    expect({ code, lines: stdout.split("\n").length, stderr }).toEqual({ code: 0, lines: 2, stderr: "" });
    expect(isThere(anvil)).toBe(false);
    for (const url of [ready.rpcUrl, ready.facilitatorUrl, ready.sellerUrl, ready.adminUrl])
      expect(await isListening(new URL(url).port), url).toBe(false);
  });

  test("without --json it shows what to try", async ({ expect }) => {
    const command = start(["sandbox", ...freePorts]);
    await command.line(/Ctrl-C ends it/);
    command.signal("SIGINT");
    const { code, stdout, stderr } = await command.ended;
    expect(stdout).toMatch(/is ready \(\d+ ms\)/);
    expect(stdout).toMatch(/curl -i 'http:\/\/127\.0\.0\.1:\d+\/weather\?city=Berlin'/);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  test("--protocols says in which versions of x402 its seller asks", async ({ expect }) => {
    const command = start(["sandbox", ...freePorts, "--protocols", "x402@2,x402@1", "--json"]);
    const { sellerUrl } = JSON.parse(await command.line(/"ready":true/));
    const answer = await fetch(`${sellerUrl}/weather?city=Rome`);
    command.signal("SIGTERM");
    expect(answer.headers.has("payment-required")).toBe(true);
    expect(await answer.json()).toMatchObject({ x402Version: 1 });
    expect((await command.ended).code).toBe(0);
  });

  test("a Ctrl-C that reaches Anvil, too, still saves the state", async ({ expect }) => {
    const home = join(folder, "ctrl-c");
    await mkdir(home);
    const command = start(["sandbox", "--json", "--state", join(home, "chain.json"), ...freePorts]);
    await command.line(/^\{/);
    // A terminal signals everybody, and npm passes it on once more.
    command.signal("SIGINT", "terminal");
    command.signal("SIGINT");
    expect(await command.ended).toMatchObject({ code: 0, stderr: "" });
    expect(await readdir(home)).toEqual(["chain.json", "chain.json.facilitator.sqlite"]);
  });

  test("when Anvil dies it says so, and ends", async ({ expect }) => {
    const command = start(["sandbox", "--json", ...freePorts]);
    const ready = JSON.parse(await command.line(/^\{/));
    process.kill(anvilOf(command.pid), "SIGKILL");
    const { code, stderr } = await command.ended;
    expect(stderr).toMatch(/^error: Anvil ended by itself \(SIGKILL\)\./);
    expect(code).toBe(4);
    expect(await isListening(new URL(ready.sellerUrl).port)).toBe(false);
  });

  test("when it is killed with no time to end anything, its Anvil ends, too", async ({ expect }) => {
    const command = start(["sandbox", "--json", ...freePorts]);
    await command.line(/^\{/);
    const anvil = anvilOf(command.pid);
    command.signal("SIGKILL");
    await command.ended;
    await expect.poll(() => isThere(anvil), { timeout: 60_000 }).toBe(false);
  });

  test.for(["SIGINT", "SIGTERM"] as const)(
    "%s during the start ends it, with nothing left",
    async (signal, { expect }) => {
      const fork = await silentServer();
      const command = start(["sandbox", "--fork-url", fork.origin, ...freePorts]);
      await fork.asked;
      command.signal(signal);
      expect(await command.ended).toEqual({ code: 0, stdout: "", stderr: "" });
    },
  );
});

describe.concurrent("a sandbox that cannot start", () => {
  test.for([
    ["--rpc-port", "--rpc-port"],
    ["--facilitator-port", "--facilitator-port"],
    ["--seller-port", "--seller-port"],
    ["--faulty-rpc-port", "--faulty-rpc-port"],
    ["--port", "--port"],
  ] as const)("%s in use", async ([flag], { expect }) => {
    const port = new URL(await tcpServer("")).port;
    const ending = await run(["sandbox", ...freePorts, flag, port]);
    expect(ending).toEqual({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(
        new RegExp(
          `^error: Port ${port} is in use.*\nChoose another with ${flag}, .* Beside another sandbox: --port 0 .*\n$`,
        ),
      ),
    });
  });

  test("an interface that this machine has not", async ({ expect }) => {
    expect(await run(["sandbox", ...freePorts, "--host", "192.0.2.1"])).toEqual({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(
        /^error: This machine has no interface with the address 192\.0\.2\.1\.\nGive --host one/,
      ),
    });
  });

  test("a chain to fork that does not answer", async ({ expect }) => {
    const forkUrl = await nobody();
    expect(await run(["sandbox", ...freePorts, "--fork-url", forkUrl])).toEqual({
      code: 3,
      stdout: "",
      stderr: expect.stringContaining(`error: No chain answers at ${forkUrl}: connect ECONNREFUSED`),
    });
  });

  test("a state that cannot be kept", async ({ expect }) => {
    expect(await run(["sandbox", ...freePorts, "--state", "/nowhere/chain.json"])).toEqual({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(
        /^error: The chain's state cannot be kept in \/nowhere\/chain\.json: .*\n.*--state/,
      ),
    });
  });

  test.for([
    [["--bogus"], "unknown option '--bogus'"],
    [["--port", "70000"], "'--port <port>' argument '70000' is invalid. Expected a port from 0 to 65535."],
    [["--host", "example.com"], "Expected an IP address, e.g. 0.0.0.0 for all interfaces."],
    [["--rpc-port", "x"], "'--rpc-port <port>' argument 'x' is invalid."],
    [["--facilitator-port", "-1"], "'--facilitator-port <port>' argument '-1' is invalid."],
    [["--seller-port", "1.5"], "'--seller-port <port>' argument '1.5' is invalid."],
    [["--fork-url", "mainnet"], "'--fork-url <url>' argument 'mainnet' is invalid. Expected a URL"],
    [["--fork-block-number", "latest"], "Expected a block number."],
    [["--block-time", "0"], "Expected a whole number of seconds"],
    [["--protocols", "x402@3"], "Expected x402@2 or x402@1, or both with a comma."],
    [["--state"], "option '--state <file>' argument missing"],
    [["--fork-block-number", "5"], "--fork-block-number needs --fork-url"],
    [["--chain", "vm"], "Allowed choices are process, docker."],
    [["--chain-image", "foundry"], "--chain-image needs --chain docker"],
    [["--json", "--quiet"], "option '--json' cannot be used with option '--quiet'"],
    [["extra"], "too many arguments"],
  ] as const)("%j", async ([args, complaint], { expect }) => {
    expect(await run(["sandbox", ...args])).toEqual({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining(complaint),
    });
  });
});

function isListening(port: string): Promise<boolean> {
  const socket = connect(Number(port), "127.0.0.1");
  return once(socket, "connect").then(
    () => {
      socket.destroy();
      return true;
    },
    () => false,
  );
}

async function untilListening(port: string): Promise<void> {
  while (!(await isListening(port))) await delay(20);
}
