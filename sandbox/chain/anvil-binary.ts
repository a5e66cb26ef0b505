import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { promisify } from "node:util";
import { Problem } from "../problem.ts";

/** Longest that a program may take to tell its version, in milliseconds. */
const patience = 10_000;

/**
 * The native Anvil of this platform, from its npm package; the environment variable `ANVIL_BINARY` overrides.
 *
 * @throws Problem `config` when ANVIL_BINARY is no Anvil that runs here, `chain-start-failed` when none is installed
 */
export async function anvilBinary(): Promise<string> {
  const override = process.env.ANVIL_BINARY;
  if (!override) return packagedBinary();
  const complaint = await complaintAbout(override);
  if (complaint === undefined) return override;
  throw new Problem(
    "config",
    `ANVIL_BINARY is ${override}, and ${complaint}.`,
    "Give the path of an Anvil, or unset it to use the one that was installed.",
  );
}

/** What keeps a file from being an Anvil that runs here. */
async function complaintAbout(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return "there is no such file";
  if (found.isDirectory()) return "that is a folder";
  try {
    const { stdout } = await promisify(execFile)(path, ["--version"], { timeout: patience });
    return /anvil/i.test(stdout) ? undefined : "that is another program: --version does not say Anvil";
  } catch (error) {
    return `it cannot be run: ${reasonOf(error)}`;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("killed" in error && error.killed === true) return `--version took longer than ${patience / 1_000} s`;
  return (error.message.split("\n")[0] ?? "").replace(/\.$/, "");
}

function packagedBinary(): string {
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const name = `@foundry-rs/anvil-${process.platform}-${architecture}`;
  const require = createRequire(createRequire(import.meta.url).resolve("@foundry-rs/anvil/package.json"));
  try {
    return require.resolve(`${name}/bin/${process.platform === "win32" ? "anvil.exe" : "anvil"}`);
  } catch (cause) {
    throw new Problem(
      "chain-start-failed",
      `There is no Anvil here for ${process.platform} ${process.arch}: ${name} is not installed.`,
      "Install again with optional dependencies, or set ANVIL_BINARY to an Anvil of your own.",
      { cause },
    );
  }
}
