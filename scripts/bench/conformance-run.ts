import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { ConformanceRuns } from "./measurements.ts";
import type { Programs } from "./program.ts";
import { projectRoot } from "./project.ts";

const runTimeoutMs = 120_000;

/** Exit codes of a run that came to a verdict: conformant, not conformant, incomplete. */
const withVerdict = [0, 1, 3];

const reportSchema = z.object({ cases: z.array(z.unknown()) });

/** Runs the whole seller suite against the reference seller, some times. */
export async function measureConformance(programs: Programs, times: number): Promise<ConformanceRuns> {
  const folder = await mkdtemp(join(tmpdir(), "x402-assay-bench-"));
  const report = join(folder, "report.json");
  try {
    const elapsedMs: number[] = [];
    const exitCodes: number[] = [];
    for (let run = 0; run < times; run++) {
      const started = performance.now();
      exitCodes.push(await judgeReference(programs, report));
      elapsedMs.push(performance.now() - started);
    }
    const { cases } = reportSchema.parse(JSON.parse(await readFile(report, "utf8")));
    return { elapsedMs, exitCodes, cases: cases.length };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function judgeReference(programs: Programs, report: string): Promise<number> {
  const suite = programs.start({
    file: join(projectRoot, "conformance/cli/main.ts"),
    args: ["conformance", "seller", "--report", `json=${report}`],
    cwd: projectRoot,
  });
  try {
    return await suite.exitCode(withVerdict, runTimeoutMs);
  } finally {
    await suite.stop();
  }
}
