import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "./testing/command.ts";

const root = resolve(import.meta.dirname, "../..");
const patience = 180_000;

/** Rules that the official middleware keeps. */
const only = ["seller.challenge.*", "seller.replay.same-payment-twice"].flatMap((glob) => ["--only", glob]);

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "first-run-"));
  await symlink(join(root, "node_modules"), join(home, "node_modules"));
  await writeFile(join(home, "package.json"), JSON.stringify({ type: "module" }));
  await writeFile(join(home, "server.js"), await sellerText());
});
afterAll(() => rm(home, { recursive: true }));

function sellerText(): Promise<string> {
  return readFile(join(import.meta.dirname, "testing/express-seller.mjs"), "utf8");
}

/** What a newcomer does, in this order: each step builds on the one before. */
test("init, doctor, a green run; broken in one line, a red one that tells why and how to repeat it", {
  timeout: patience,
}, async () => {
  const start = `"${process.execPath}" server.js`;
  const wrote = await run(
    ["init", "--start", start, "--url", "http://127.0.0.1:{port}/weather?city=Rome"],
    home,
  );
  expect(wrote).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("x402-assay.config.ts is written"),
  });
  const config = await readFile(join(home, "x402-assay.config.ts"), "utf8");
  expect(config).toContain('    invalid: "GET /weather",\n');
  expect(config).toContain('    free: "GET /health",\n');

  const doctor = await run(["doctor"], home);
  expect(doctor).toMatchObject({ code: 0, stdout: expect.stringContaining("✓ purchase     Bought once") });

  const green = await run(["conformance", "seller", ...only], home);
  expect(green).toMatchObject({ code: 0, stdout: expect.stringContaining("CONFORMANT") });

  await writeFile(
    join(home, "server.js"),
    (await sellerText()).replace("app.use(paymentMiddleware", "void (paymentMiddleware"),
  );
  const red = await run(["conformance", "seller", ...only, "--report", "html=report.html"], home);
  expect(red).toMatchObject({ code: 1, stdout: expect.stringContaining("NOT CONFORMANT") });
  const html = await readFile(join(home, "report.html"), "utf8");
  const [, broken = "no case"] = /^✗ (seller\.\S+)/m.exec(red.stdout) ?? [];
  const [, rule = "no rule"] = /^ +rule +(S-[A-Z]+-\d+) /m.exec(red.stdout) ?? [];
  expect(html).toContain(broken);
  expect(html).toContain(rule);

  const repeats = red.stdout.split("\n").filter((line) => line.trim().startsWith("repeat "));
  const ofBroken = repeats.find((line) => line.includes(` ${broken} `));
  const [, command = ""] = /npx x402-assay (conformance replay .*)$/.exec(ofBroken ?? "") ?? [];
  const again = `"${process.execPath}" ${join(root, "conformance/cli/main.ts")} ${command}`;
  const repeated = promisify(execFile)("sh", ["-c", again], { cwd: home });
  await expect(repeated).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining("NOT CONFORMANT"),
  });
});
