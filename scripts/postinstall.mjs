// Runs after every `npm ci` and `npm install` in a checkout of this repository, on whatever Node the machine has.
//
// This project needs Node 22.22 or newer. On an older one, the install is repeated under Node 24, taken from the npm
// registry, because npm leaves out optional native packages whose `engines` do not match the Node it runs on. That
// Node is then put into node_modules/.bin, where npm scripts look first. On a newer Node nothing happens.

import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const OLDEST_NODE = [22, 22];
const PROVIDED_NODE = 24;

/** Set for the repeated install, so that whatever it finds, it is not repeated again. */
const REPEATED = "X402_ASSAY_INSTALL_REPEATED";

const root = realpathSync(dirname(dirname(fileURLToPath(import.meta.url))));

if (process.env[REPEATED] === undefined && isInstallOfThisCheckout() && isTooOld(nodeThatRunsNpm())) {
  console.error(
    `x402-assay needs Node ${OLDEST_NODE.join(".")} or newer and this is ${nodeThatRunsNpm()}: ` +
      `repeating the install under Node ${PROVIDED_NODE} from the npm registry (into node_modules/.bin, for npm scripts).`,
  );
  try {
    if (isTooOld(process.versions.node)) {
      const node = fetchNode();
      repeatInstall(node);
      placeInBin(node);
    } else {
      repeatInstall(process.execPath);
    }
  } catch (error) {
    console.error(
      `x402-assay could not be installed under Node ${PROVIDED_NODE}: ${error.message}\n` +
        `Either make the npm registry reachable (npm ping) and run the install again, or install ` +
        `Node ${OLDEST_NODE.join(".")} or newer (https://nodejs.org/en/download) and run npm ci with it.`,
    );
    process.exitCode = 1;
  }
}

/** Whether npm is installing this directory itself: not as a dependency, a link or a global package of somebody. */
function isInstallOfThisCheckout() {
  const installed = process.env.npm_config_local_prefix;
  if (installed === undefined || process.env.npm_config_global === "true") return false;
  return existsSync(installed) && realpathSync(installed) === root;
}

/** @param {string} version such as "20.20.2" */
function isTooOld(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
}

/** npm may run on another Node than this script, which finds the one in node_modules/.bin from the second install on. */
function nodeThatRunsNpm() {
  const node = process.env.npm_node_execpath;
  if (node === undefined || node === process.execPath) return process.versions.node;
  return (
    spawnSync(node, ["-p", "process.versions.node"], { encoding: "utf8" }).stdout?.trim() ||
    process.versions.node
  );
}

/**
 * Brings Node into npm's cache and returns the path of its binary. The `node` package would bring the same one, but
 * with an install script, which npm may block.
 */
function fetchNode() {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const prefix = platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node";
  const spec = `${prefix}-${platform}-${process.arch}@${PROVIDED_NODE}`;
  const printed = runNpm(
    process.execPath,
    [
      "exec",
      "--yes",
      `--package=${spec}`,
      "--",
      "node",
      "-p",
      "JSON.stringify([process.execPath,process.version])",
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [path, version] = JSON.parse(printed.trim().split("\n").at(-1) ?? "");
  if (!version.startsWith(`v${PROVIDED_NODE}.`))
    throw new Error(`npm exec of ${spec} started Node ${version}.`);
  return path;
}

/**
 * Adds what npm left out, as locked: what it has just installed stays, and package-lock.json is not touched.
 *
 * @param {string} node path of the Node to run npm on
 */
function repeatInstall(node) {
  runNpm(node, ["install", "--no-save"], { stdio: ["ignore", "inherit", "inherit"] });
}

/** Copies the binary, because npm's cache may be emptied at any time. @param {string} node */
function placeInBin(node) {
  const bin = join(root, "node_modules", ".bin", process.platform === "win32" ? "node.exe" : "node");
  mkdirSync(dirname(bin), { recursive: true });
  copyFileSync(node, bin);
}

/**
 * Runs the npm that started this script, on the given Node, and returns what it printed.
 *
 * @param {string} node
 * @param {string[]} args
 * @param {import("node:child_process").SpawnSyncOptions} options
 */
function runNpm(node, args, options) {
  const npm = process.env.npm_execpath;
  if (npm === undefined || !/npm-cli\.c?js$/.test(npm))
    throw new Error(`the install was not started by npm.`);
  const result = spawnSync(node, [npm, ...args], {
    ...options,
    cwd: root,
    env: environmentWith(node),
    encoding: "utf8",
  });
  if (result.error !== undefined) throw result.error;
  if (result.status !== 0) throw new Error(`npm ${args[0]} ended with ${result.status ?? result.signal}.`);
  return result.stdout ?? "";
}

/**
 * The environment without what belongs to the command line of an npm above this one (`npx -p node@20 -c "npm ci"`
 * leaves its package and its command), and with the given Node found first.
 *
 * @param {string} node
 */
function environmentWith(node) {
  const commandLineOnly = /^npm_config_(package|call|yes|global|workspaces?|json|allow_scripts|user_agent)$/i;
  const inherited = Object.entries(process.env).filter(([name]) => !commandLineOnly.test(name));
  const env = { ...Object.fromEntries(inherited), [REPEATED]: "1" };
  const path = Object.keys(env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  env[path] = [dirname(node), env[path]].filter(Boolean).join(delimiter);
  return env;
}
