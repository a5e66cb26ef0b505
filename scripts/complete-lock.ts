/**
 * Completes package-lock.json with the native packages of every platform.
 *
 * npm writes down only those platform packages that the registry it talks to could show it. This adds the others that
 * a locked package names among its optional dependencies, so that the same lock installs on macOS, arm64 and Windows.
 * Run it after each change of dependencies: `npm run lock`. With `--check` it writes nothing and fails when an entry is missing.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";

const LOCK = new URL("../package-lock.json", import.meta.url);

const lockedPackage = z.looseObject({
  version: z.string().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
  license: z.string().optional(),
  engines: z.unknown().optional(),
  dev: z.boolean().optional(),
  peer: z.boolean().optional(),
});
type LockedPackage = z.infer<typeof lockedPackage>;

const packageLock = z.looseObject({ packages: z.record(z.string(), lockedPackage) });

/** What a platform package is named after, and how npm's `os`, `cpu` and `libc` fields say it. */
const OS = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const CPU: Record<string, string> = {
  amd64: "x64",
  x64: "x64",
  arm64: "arm64",
  arm: "arm",
  ia32: "ia32",
  loong64: "loong64",
  mips64el: "mips64el",
  ppc64: "ppc64",
  riscv64: "riscv64",
  s390x: "s390x",
  wasm32: "wasm32",
};
const LIBC: Record<string, string> = {
  gnu: "glibc",
  gnueabihf: "glibc",
  musl: "musl",
  musleabihf: "musl",
};

const lock = packageLock.parse(JSON.parse(readFileSync(LOCK, "utf8")));
const missing = missingPlatformPackages(lock.packages);

if (missing.length === 0) {
  console.log("package-lock.json lists every platform of its native packages.");
} else if (process.argv.includes("--check")) {
  console.error(
    `package-lock.json lacks:\n${missing.map(([path]) => `  ${path}`).join("\n")}\nRun: npm run lock`,
  );
  process.exitCode = 1;
} else {
  const packages = Object.entries({ ...lock.packages, ...Object.fromEntries(missing) });
  packages.sort(([a], [b]) => a.localeCompare(b, "en"));
  writeFileSync(LOCK, `${JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }, null, 2)}\n`);
  console.log(`package-lock.json: added\n${missing.map(([path]) => `  ${path}`).join("\n")}`);
}

/** Entries, by their path in the lock, for the optional platform packages that no entry stands for yet. */
function missingPlatformPackages(packages: Record<string, LockedPackage>): [string, LockedPackage][] {
  return Object.entries(packages).flatMap(([parentPath, parent]) =>
    Object.entries(parent.optionalDependencies ?? {})
      .filter(([name]) => !isLocked(packages, parentPath, name))
      .map(([name, version]): [string, LockedPackage] => [
        `node_modules/${name}`,
        platformPackage(packages, parent, name, version),
      ]),
  );
}

/** Node looks for a package beside its parent's own dependencies first, then in each node_modules above. */
function isLocked(packages: Record<string, LockedPackage>, parentPath: string, name: string): boolean {
  for (let path = parentPath; ; path = path.slice(0, Math.max(0, path.lastIndexOf("/node_modules/")))) {
    if (`${path === "" ? "" : `${path}/`}node_modules/${name}` in packages) return true;
    if (path === "") return false;
  }
}

function platformPackage(
  packages: Record<string, LockedPackage>,
  parent: LockedPackage,
  name: string,
  version: string,
): LockedPackage {
  if (!/^\d+\.\d+\.\d+/.test(version))
    throw new Error(`${name} is asked for as ${version}: add it to the lock by hand.`);
  const words = name.split(/[/-]/);
  const os = words.find((word) => OS.includes(word));
  const cpu = words.map((word) => CPU[word]).find((word) => word !== undefined);
  const libc =
    os === "linux" ? words.map((word) => LIBC[word]).find((word) => word !== undefined) : undefined;
  if (os === undefined && cpu !== "wasm32")
    throw new Error(`${name} names no platform: add it to the lock by hand.`);

  const sibling = Object.keys(parent.optionalDependencies ?? {})
    .map((other) => packages[`node_modules/${other}`])
    .find((entry) => entry !== undefined);
  return {
    version,
    ...(cpu !== undefined && { cpu: [cpu] }),
    ...(parent.dev && { dev: true }),
    ...(libc !== undefined && { libc: [libc] }),
    ...(parent.license !== undefined && { license: parent.license }),
    optional: true,
    ...(os !== undefined && { os: [os] }),
    ...(parent.peer && { peer: true }),
    ...(sibling?.engines !== undefined && { engines: sibling.engines }),
  };
}
