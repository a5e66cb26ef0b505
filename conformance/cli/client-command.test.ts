import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, test } from "vitest";
import { z } from "zod";
import { payingFetch } from "#sandbox";
import { run, start } from "./testing/command.ts";

const root = resolve(import.meta.dirname, "../..");
const example = `"${process.execPath}" ${resolve(root, "sandbox/client/example.ts")} {url}`;

/** A case that needs one payment, one that needs none, and what tells whether the client shows what it bought. */
const few = ["client.again.endless-402", "client.challenge.not-base64", "client.answer.no-receipt"];
const onlyFew = few.flatMap((id) => ["--only", id]);

/** Each test is a whole run, with a chain of its own, and several run at once. */
const wholeRun = { timeout: 300_000 };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "client-command-"));
});
afterAll(() => rm(folder, { recursive: true }));

const client = (...args: string[]) => run(["conformance", "client", ...args], folder);

describe.concurrent("a client passes", wholeRun, () => {
  test("by command, one process per errand", async ({ expect }) => {
    const { code, stdout } = await client("--command", example, ...onlyFew);
    expect(stdout).toContain("CONFORMANT");
    expect(stdout).toContain("4 pass");
    expect(code).toBe(0);
  });

  test("as a module, which is told method and body, too", async ({ expect }) => {
    const file = join(folder, "client.ts");
    const door = resolve(root, "sandbox/client/index.ts");
    const viem = import.meta.resolve("viem/accounts");
    await writeFile(
      file,
      `import { privateKeyToAccount } from ${JSON.stringify(viem)};
       import { payingFetch } from ${JSON.stringify(door)};
       export default ({ privateKey }: { privateKey: \`0x\${string}\` }) => payingFetch({ signer: privateKeyToAccount(privateKey) });`,
    );
    const post = ["--only", "client.payment.repeats-the-body"];
    const { code, stdout } = await client("--module", file, ...onlyFew, ...post);
    expect(stdout).toContain("5 pass");
    expect(code).toBe(0);
  });

  test("as a module that silences the console, and the verdict is to be read all the same", async ({
    expect,
  }) => {
    const file = join(folder, "silent.ts");
    const viem = import.meta.resolve("viem/accounts");
    const door = resolve(root, "sandbox/client/index.ts");
    await writeFile(
      file,
      `import { privateKeyToAccount } from ${JSON.stringify(viem)};
       import { payingFetch } from ${JSON.stringify(door)};
       console.log = console.error = () => {};
       process.stdout.write = process.stderr.write = () => true;
       export default ({ privateKey }: { privateKey: \`0x\${string}\` }) => payingFetch({ signer: privateKeyToAccount(privateKey) });`,
    );
    const { code, stdout } = await client("--module", file, ...onlyFew);
    expect(stdout).toContain("CONFORMANT");
    expect(stdout).toContain("4 pass");
    expect(code).toBe(0);
  });

  test("that comes by itself, with a key of its own that has allowed Permit2 nothing", async ({ expect }) => {
    const byPermit2 = ["client.permit2.valid-in-time", "client.upto.another-facilitator"];
    const only = byPermit2.flatMap((id) => ["--only", id]);
    const flags = ["--pull", "--timeout", "20000", ...onlyFew, ...only];
    const command = start(["conformance", "client", ...flags], folder);
    const notice = await command.line(/\{ open: /);
    await visitAll(z.url().parse(/http:\S+/.exec(notice)?.[0]));
    const { code, stdout } = await command.ended;
    // What its caller got to see, the suite cannot know.
    expect(stdout).toContain("5 pass, 1 not-applicable");
    expect(code).toBe(0);
  });
});

describe.concurrent("a client does not pass", wholeRun, () => {
  test("when it never pays", async ({ expect }) => {
    const { code, stdout } = await client("--command", "curl -s {url}", ...onlyFew);
    expect(stdout).toContain("the client did not pay an honest shop in x402@2");
    expect(stdout).toContain("4 inconclusive");
    expect(code).toBe(3);
  });

  test("when it pays a second time after it was refused", async ({ expect }) => {
    const file = join(folder, "stubborn.ts");
    const door = resolve(root, "sandbox/client/index.ts");
    const viem = import.meta.resolve("viem/accounts");
    await writeFile(
      file,
      `import { privateKeyToAccount } from ${JSON.stringify(viem)};
       import { payingFetch } from ${JSON.stringify(door)};
       export default ({ privateKey }: { privateKey: \`0x\${string}\` }) => {
         const fetch = payingFetch({ signer: privateKeyToAccount(privateKey) });
         return (url: string, init?: RequestInit) => fetch(url, init).catch(() => fetch(url, init));
       };`,
    );
    const report = join(folder, "stubborn.json");
    const { code, stdout } = await client("--module", file, ...onlyFew, "--report", `json=${report}`);
    expect(code).toBe(1);
    expect(stdout).toContain("The client signed more than one payment.");
    expect(stdout).toMatch(/repeat +npx x402-assay conformance replay client\.again\.endless-402 .*--module/);
    const { suite, cases } = z
      .object({ suite: z.string(), cases: z.array(z.object({ id: z.string(), status: z.string() })) })
      .parse(JSON.parse(await readFile(report, "utf8")));
    expect(suite).toBe("client");
    expect(cases).toContainEqual(expect.objectContaining({ id: few[0], status: "fail" }));
  });

  test("when its program hangs, which proves nothing", async ({ expect }) => {
    const { code, stdout } = await client("--command", "sleep 60", "--timeout", "500", ...onlyFew);
    expect(stdout).toContain("the program did not end in time");
    expect(code).toBe(3);
  });
});

describe.concurrent("a mistake is named", () => {
  test.for([
    [["--command", "true", "--pull"], "More than one client is named."],
    [["--module", "nowhere.ts"], "nowhere.ts cannot be imported"],
  ] as const)("%s", async ([args, complaint], { expect }) => {
    const { code, stderr } = await client(...args);
    expect(stderr).toContain(complaint);
    expect(code).toBe(2);
  });

  test("a module that fails while nobody waits for it, which is no verdict", async ({ expect }) => {
    const file = join(folder, "floating.ts");
    await writeFile(
      file,
      `void Promise.reject(new Error("nobody waits for me"));\nexport default () => fetch;`,
    );
    const { code, stdout, stderr } = await client("--module", file);
    expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
    expect(stderr).toContain("nobody waits for me");
  });

  test("a module that makes nothing", async ({ expect }) => {
    const file = join(folder, "empty.ts");
    await writeFile(file, "export const nothing = 1;");
    const { code, stderr } = await client("--module", file);
    expect(stderr).toContain("has no default export that is a function");
    expect(code).toBe(2);
  });
});

test("explain tells of a client's case: its control, what it needs, what it catches", async ({ expect }) => {
  const { code, stdout } = await run(["conformance", "explain", "client.answer.no-receipt"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^rule +C-SET-03 /m);
  expect(stdout).toMatch(/^control +the client must pay an honest shop first/m);
  expect(stdout).toMatch(/^needs +the client does not show what it bought/m);
  expect(stdout).toMatch(/^catches +insists-on-a-receipt: /m);
});

const indexSchema = z.object({ open: z.array(z.object({ url: z.url() })), done: z.boolean() });

/** Fetches everything that the index lists, each once, until it says that it is done. */
async function visitAll(index: string): Promise<void> {
  const fetchAndPay = payingFetch({ signer: privateKeyToAccount(generatePrivateKey()) });
  const visited = new Set<string>();
  for (;;) {
    const answer = await fetch(index);
    const { open, done } = indexSchema.parse(await answer.json());
    if (done) return;
    const fresh = open.filter(({ url }) => !visited.has(url));
    for (const { url } of fresh) visited.add(url);
    await Promise.all(fresh.map(({ url }) => fetchAndPay(url).catch(() => undefined)));
  }
}
