import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { namedAccounts } from "#sandbox";

/** What a program under test gave away, and no report may. */
export const planted = {
  PLANTED_API_TOKEN: "planted-api-token-of-the-shop",
  PLANTED_KEY: namedAccounts.payer.privateKey,
} as const;

/** The cookie that the seller sets. */
export const plantedCookie = "planted-cookie";

/** What a run printed and wrote, by format. */
export interface LeakyRun {
  readonly exitCode: number | null;
  readonly outputs: ReadonlyMap<string, string>;
  readonly folder: string;
}

/** Judges the seller that tells everybody everything, with every report. */
export function runLeakySeller(): Promise<LeakyRun> {
  return run([
    "seller",
    ...["--start", `"${process.execPath}" ${join(import.meta.dirname, "leaky-seller.ts")}`],
    ...["--url", "http://127.0.0.1:{port}/weather"],
    ...["--seed", "leaky", "--protocol", "x402@2"],
    ...["--only", "seller.replay.{same-payment-twice,eight-at-once}", "--only", "seller.settlement.*"],
  ]);
}

/** Judges the client that prints its key, with every report. */
export function runLeakyClient(): Promise<LeakyRun> {
  return run([
    "client",
    ...["--command", `"${process.execPath}" ${join(import.meta.dirname, "leaky-client.ts")} {url}`],
    ...["--seed", "leaky", "--only", "client.again.*"],
  ]);
}

async function run(flags: readonly string[]): Promise<LeakyRun> {
  const folder = await mkdtemp(join(tmpdir(), "leaky-run-"));
  const hars = join(folder, "har");
  await mkdir(hars);
  const files = ["json=report.json", "junit=report.xml", "html=report.html", "md=report.md", "har=har"];
  const main = join(import.meta.dirname, "../../cli/main.ts");
  const child = spawn(process.execPath, [main, "conformance", ...flags, "--report", ...files], {
    cwd: folder,
    env: { ...process.env, ...planted, NO_COLOR: "1" },
  });
  const [printed, complaints] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  const read = (name: string) => readFile(join(folder, name), "utf8");
  const archives = await Promise.all((await readdir(hars)).map((name) => read(`har/${name}`)));
  return {
    exitCode: child.exitCode,
    folder,
    outputs: new Map([
      ["console", printed + complaints],
      ["json", await read("report.json")],
      ["junit", await read("report.xml")],
      ["html", await read("report.html")],
      ["md", await read("report.md")],
      ["har", archives.join("\n")],
    ]),
  };
}
