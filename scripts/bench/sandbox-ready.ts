import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SandboxReady } from "./measurements.ts";
import type { Programs } from "./program.ts";
import { projectRoot } from "./project.ts";

const readyTimeoutMs = 60_000;

/** What a sandbox is made of. */
const sources = [
  "package.json",
  "package-lock.json",
  "hardhat.config.ts",
  "contracts",
  "sandbox",
  "conformance",
];

/** What a build leaves behind. */
const built = ["artifacts", "cache"];

/**
 * Starts the sandbox from a copy of the project, so that the compiled contracts of the project itself stay: some
 * times with nothing compiled, then some times with everything in place.
 */
export async function measureSandbox(
  programs: Programs,
  times: { readonly cold: number; readonly warm: number },
): Promise<SandboxReady> {
  const project = await copyProject();
  try {
    const coldMs: number[] = [];
    const warmMs: number[] = [];
    while (coldMs.length < times.cold) {
      for (const folder of built) await rm(join(project, folder), { recursive: true, force: true });
      coldMs.push(await timeUntilReady(programs, project));
    }
    while (warmMs.length < times.warm) warmMs.push(await timeUntilReady(programs, project));
    return { coldMs, warmMs };
  } finally {
    await rm(project, { recursive: true, force: true });
  }
}

async function copyProject(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), "x402-assay-bench-"));
  for (const source of sources) await cp(join(projectRoot, source), join(copy, source), { recursive: true });
  await symlink(join(projectRoot, "node_modules"), join(copy, "node_modules"), "junction");
  return copy;
}

async function timeUntilReady(programs: Programs, project: string): Promise<number> {
  const ports = ["--port", "--rpc-port", "--facilitator-port", "--seller-port"].flatMap((flag) => [
    flag,
    "0",
  ]);
  const started = performance.now();
  const sandbox = programs.start({
    file: join(project, "conformance/cli/main.ts"),
    args: ["sandbox", "--json", ...ports],
    cwd: project,
  });
  try {
    await sandbox.firstLine(readyTimeoutMs);
    return performance.now() - started;
  } finally {
    await sandbox.stop();
  }
}
