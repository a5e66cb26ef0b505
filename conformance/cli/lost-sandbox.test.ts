import { describe, test } from "vitest";
import { z } from "zod";
import { freePorts, start } from "./testing/command.ts";
import { anvilOf } from "./testing/processes.ts";

const nothingProven =
  /^error: The run lost its sandbox\. .+\nNothing is proven either way: .+ Run again\.\n$/;

/** Where `CI` is set, what passes is not told. */
const talkative = { env: { CI: "" } };

describe.concurrent("a run whose sandbox is lost says so once", { timeout: 120_000 }, () => {
  test.for(["seller", "client", "facilitator"])("%s: its own Anvil is killed", async (role, { expect }) => {
    const command = start(["conformance", role], talkative);
    await command.line(/^✓/);
    process.kill(anvilOf(command.pid), "SIGKILL");
    const { code, stdout, stderr } = await command.ended;
    expect(stderr).toMatch(nothingProven);
    expect(stderr).toContain("Anvil ended by itself (SIGKILL).");
    expect(stdout).not.toMatch(/The suite itself failed|CONFORMANT/);
    expect(code).toBe(4);
  });

  test("the one that was named is killed", async ({ expect }) => {
    const sandbox = start(["sandbox", ...freePorts, "--json"]);
    const { adminUrl } = z.object({ adminUrl: z.url() }).parse(JSON.parse(await sandbox.line(/ready/)));
    const command = start(["conformance", "facilitator", "--sandbox", adminUrl], talkative);
    await command.line(/^✓/);
    sandbox.signal("SIGKILL", "terminal");
    const { code, stdout, stderr } = await command.ended;
    expect(stderr).toMatch(nothingProven);
    expect(stderr).toMatch(/Nothing answers at http:\S+ any more\./);
    expect(stdout).not.toMatch(/The suite itself failed|CONFORMANT/);
    expect(code).toBe(3);
  });
});
