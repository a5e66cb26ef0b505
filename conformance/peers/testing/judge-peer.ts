import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { z } from "zod";
import type { ProtocolId } from "../../requirements/index.ts";

const root = resolve(import.meta.dirname, "../../..");

const reportSchema = z.object({
  exitCode: z.number(),
  cases: z.array(z.object({ id: z.string(), requirement: z.string(), status: z.string() })),
});

/** What a test needs of the JSON report. */
export type PeerReport = z.infer<typeof reportSchema>;

/** Only v2 knows these ways to pay. */
const byPermit2 = [
  ["--permit2", "GET /almanac?city=Berlin"],
  ["--failing", "GET /almanac?city=Berlin&fail=true"],
  ["--upto", "GET /summary?words=120"],
  ["--upto", "GET /summary?words=0"],
  ["--failing", "GET /summary?words=120&fail=true"],
].flat();

/**
 * Runs the suite on a seller of this folder, e.g. `express-seller.ts`, in the version that it speaks, as a user does.
 *
 * @throws Error with what the suite printed, when it gave no verdict
 */
export function judgePeer(
  file: string,
  protocol: ProtocolId,
  reportFile: string,
  more: readonly string[] = [],
): Promise<PeerReport> {
  const flags = [
    ["--url", "http://127.0.0.1:{port}/weather?city=Berlin"],
    ["--protocol", protocol],
    ["--invalid", "GET /weather"],
    ["--free", "GET /free"],
    ["--failing", "GET /flaky?fail=true"],
    ["--also-paid", "GET /premium"],
    ["--streaming", "GET /forecast"],
    protocol === "x402@2" ? byPermit2 : [],
    more,
  ];
  return judge(["seller", ...started(file), ...flags.flat()], reportFile, 240_000);
}

/**
 * Runs the suite on a facilitator of this folder without the cases that `skipped` names, as a user does.
 *
 * @throws Error with what the suite printed, when it gave no verdict
 */
export function judgeFacilitatorPeer(
  file: string,
  skipped: readonly string[],
  reportFile: string,
): Promise<PeerReport> {
  const flags = [["--url", "http://127.0.0.1:{port}"], ...skipped.map((id) => ["--skip", id])];
  return judge(["facilitator", ...started(file), ...flags.flat()], reportFile, 800_000);
}

/**
 * Runs the suite on a client of this folder, e.g. `fetch-client.ts`, one process per errand, as a user does.
 *
 * @throws Error with what the suite printed, when it gave no verdict
 */
export function judgeClientPeer(file: string, reportFile: string): Promise<PeerReport> {
  const flags = ["--command", commandOf(file), "--timeout", "60000"];
  return judge(["client", ...flags], reportFile, 800_000);
}

function started(file: string): string[] {
  return ["--start", commandOf(file)];
}

function commandOf(file: string): string {
  return `"${process.execPath}" conformance/peers/${file}`;
}

async function judge(flags: readonly string[], reportFile: string, timeout: number): Promise<PeerReport> {
  const words = ["conformance/cli/main.ts", "conformance", ...flags, "--report", `json=${reportFile}`];
  const run = spawn(process.execPath, words, { cwd: root, timeout });
  const [printed, complaints] = await Promise.all([text(run.stdout), text(run.stderr), once(run, "close")]);
  if (run.exitCode !== 0 && run.exitCode !== 1) throw new Error(`${printed}\n${complaints}`);
  return reportSchema.parse(JSON.parse(await readFile(reportFile, "utf8")));
}
