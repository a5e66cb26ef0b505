import { execFile, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { describe, test } from "vitest";
import { anvilBinary } from "../chain/index.ts";

const repository = resolve(import.meta.dirname, "../..");

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

/** Builds the sandbox's image from this repository. One name: built again from the same files, it is the same image. */
export async function sandboxImage(): Promise<string> {
  const tag = "x402-assay-test";
  const script = join(repository, "scripts/containers/build-offline.sh");
  await promisify(execFile)(script, [tag, "--build-arg", `NODE_IMAGE=${await baseImage()}`], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return tag;
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

/**
 * compose.yaml of this repository with these settings, on free ports: gives a function that runs a command of Compose and
 * resolves with what it printed.
 */
export async function composeProject(settings: Readonly<Record<string, string>>) {
  const ports = ["ADMIN", "SELLER", "FACILITATOR", "RPC", "FAULTY_RPC", "GATEWAY"];
  const freePorts = Object.fromEntries(ports.map((name) => [`${name}_PORT`, "0"]));
  const env = { ...process.env, ...freePorts, ...settings };
  const project = ["--project-name", `x402-assay-${randomUUID()}`, "--project-directory", repository];
  // Compose is a plugin of docker, or, on a Debian, a program of its own.
  const asPlugin = spawnSync("docker", ["compose", "version"]).status === 0;
  return async (...args: readonly string[]): Promise<string> => {
    const command = [...(asPlugin ? ["compose"] : []), ...project, ...args];
    const run = promisify(execFile)(asPlugin ? "docker" : "docker-compose", command, {
      cwd: repository,
      env,
    });
    return (await run).stdout.trimEnd();
  };
}
