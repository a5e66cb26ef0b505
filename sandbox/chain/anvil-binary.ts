import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { createRequire } from "node:module";
import { Problem } from "../problem.ts";

/**
 * The native Anvil of this platform, from its npm package; the environment variable `ANVIL_BINARY` overrides.
 *
 * @throws Problem `chain-start-failed`
 */
export async function anvilBinary(): Promise<string> {
  const override = process.env.ANVIL_BINARY;
  if (!override) return packagedBinary();
  await access(override, constants.X_OK).catch((cause) => {
    throw new Problem(
      "chain-start-failed",
      `ANVIL_BINARY is ${override}, which is no program that can be run.`,
      "Give the path of an Anvil, or unset it to use the one that was installed.",
      { cause },
    );
  });
  return override;
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
