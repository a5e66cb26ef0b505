import { execFile, spawnSync } from "node:child_process";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, test } from "vitest";
import { anvilBinary } from "../chain/index.ts";

/** Runs `docker` and gives what it printed, without the line's end. */
export async function docker(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("docker", args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout.trimEnd();
}

/**
 * Tests that need a Docker engine. Where there is none they are skipped, and say so; in CI, they fail.
 * `scripts/containers/start-engine.sh` starts one on a Debian.
 */
export function describeWithDocker(name: string, tests: () => void): void {
  const { status, stderr, error } = spawnSync("docker", ["info"], { encoding: "utf8" });
  if (status === 0) return void describe(name, tests);
  const reason = `No Docker engine answers here: ${error?.message ?? stderr.trim()}`;
  if (process.env.CI) {
    test(name, () => {
      throw new Error(reason);
    });
  } else {
    console.warn(`SKIPPED: ${name}. ${reason}`);
    describe.skip(name, tests);
  }
}

/**
 * The image on which tests build: `NODE_IMAGE` if set, else what `scripts/containers/base-image.sh` has built here, else
 * the one that users build on.
 */
async function baseImage(): Promise<string> {
  const built = "x402-assay-test-base";
  const isBuilt = (await docker("images", "--quiet", built)) !== "";
  return process.env.NODE_IMAGE || (isBuilt ? built : "node:24-slim");
}

/** An image with the installed Anvil, in the place of Foundry's, which tests cannot pull. */
export async function anvilImage(): Promise<string> {
  const tag = "x402-assay-test-anvil";
  const context = await mkdtemp(join(tmpdir(), "x402-assay-image-"));
  try {
    await copyFile(await anvilBinary(), join(context, "anvil"));
    const lines = [`FROM ${await baseImage()}`, "COPY anvil /usr/local/bin/anvil", "USER 1000:1000"];
    await writeFile(join(context, "Dockerfile"), lines.join("\n"));
    await docker("build", "--tag", tag, context);
  } finally {
    await rm(context, { recursive: true });
  }
  return tag;
}
