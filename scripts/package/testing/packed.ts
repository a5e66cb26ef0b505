import { cp, mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { createPackageFromTarballData, type Package } from "@arethetypeswrong/core";
import { repository } from "../manifest-file.ts";
import { npm } from "./npm.ts";

/** What the package is made of; artifacts and cache spare the compiler what it has done already. */
const sources = [
  "package.json",
  "package-lock.json",
  "README.md",
  "LICENSE",
  "hardhat.config.ts",
  "tsconfig.json",
  "tsconfig.package.json",
  "contracts",
  "sandbox",
  "conformance",
  "scripts",
  "artifacts",
  "cache",
];

/** A packed tarball. */
export interface Packed {
  readonly tarball: string;
  readonly bytes: Uint8Array;
  /** Its files, unpacked. */
  readonly contents: Package;
  /** The folder that was packed. */
  readonly tree: string;
}

/**
 * Runs `npm pack` in a copy of the repository: it changes package.json for a moment, which every test that runs
 * meanwhile would feel.
 */
export async function pack(folder: string): Promise<Packed> {
  const tree = join(folder, "repository");
  await mkdir(tree);
  for (const source of sources) {
    await cp(join(repository, source), join(tree, source), { recursive: true, preserveTimestamps: true });
  }
  await symlink(join(repository, "node_modules"), join(tree, "node_modules"), "junction");
  await npm(["pack", "--pack-destination", folder], tree);
  const name = (await readdir(folder)).find((file) => file.endsWith(".tgz"));
  if (name === undefined) throw new Error("npm pack left no tarball.");
  const tarball = join(folder, name);
  const bytes = await readFile(tarball);
  return { tarball, bytes, contents: createPackageFromTarballData(bytes), tree };
}
