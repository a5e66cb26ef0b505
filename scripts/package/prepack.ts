/*
 * npm runs this before it packs: compiles the contracts into artifacts/ and TypeScript into dist/ (Node runs no
 * TypeScript under node_modules), and puts the published package.json in the place of the repository's until
 * postpack.ts puts that back.
 */
import { execFileSync } from "node:child_process";
import { cp, glob, rm } from "node:fs/promises";
import { join } from "node:path";
import { openContracts } from "../../contracts/index.ts";
import { placePublishedManifest, repository } from "./manifest-file.ts";

await openContracts();
await rm(join(repository, "dist"), { recursive: true, force: true });
// What tsc says goes to stderr: stdout belongs to `npm pack --json`.
execFileSync(
  process.execPath,
  [join(repository, "node_modules/typescript/bin/tsc"), "--project", "tsconfig.package.json"],
  { cwd: repository, stdio: ["ignore", 2, 2] },
);
// What modules read from beside themselves, tsc leaves where it is.
for await (const asset of glob("{sandbox,conformance}/**/*.{css,js}", { cwd: repository })) {
  await cp(join(repository, asset), join(repository, "dist", asset), { force: false, errorOnExist: true });
}
await placePublishedManifest();
