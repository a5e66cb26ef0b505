import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { anvilBinary, Problem } from "#sandbox";
import { isFree } from "../subjects/index.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

/** The oldest Node that runs TypeScript as it is and has what the rest needs; as package.json says. */
const oldestNode = [22, 22] as const;

/** The ports of `x402-assay sandbox` unless told, and the flags that change them. */
const sandboxPorts = [
  { port: 4020, flag: "--port" },
  { port: 8545, flag: "--rpc-port" },
  { port: 4022, flag: "--facilitator-port" },
  { port: 4021, flag: "--seller-port" },
] as const;

/** Looks at what every command needs of this machine. */
export async function examineEnvironment(): Promise<readonly Finding[]> {
  return [node(), ...(await Promise.all([anvil(), ports()]))];
}

function node(version = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor, oldestMinor] = oldestNode;
  const isEnough = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  if (isEnough) return ok("Node", `${version} on ${process.platform} ${process.arch}.`);
  return problem(
    "Node",
    `${version} is older than ${oldestNode.join(".")}.`,
    "Install Node 24: https://nodejs.org",
  );
}

/** Whether the chain's program is there and can be run. */
async function anvil(): Promise<Finding> {
  try {
    const binary = await anvilBinary();
    const { stdout } = await promisify(execFile)(binary, ["--version"], { timeout: 10_000 });
    return ok("Anvil", `${stdout.split("\n")[0]?.trim()} at ${binary}.`);
  } catch (error) {
    if (error instanceof Problem) return problem("Anvil", error.message, error.next);
    const why = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    return problem(
      "Anvil",
      `It cannot be run: ${why}`,
      "Set ANVIL_BINARY to an Anvil that runs on this machine.",
    );
  }
}

/** Runs take free ports; `sandbox` takes fixed ones unless told. */
async function ports(): Promise<Finding> {
  const free = await Promise.all(sandboxPorts.map(({ port }) => isFree(port)));
  const taken = sandboxPorts.filter((_, place) => !free[place]);
  if (taken.length === 0) return ok("ports", `${sandboxPorts.map(({ port }) => port).join(", ")} are free.`);
  return warning(
    "ports",
    `In use: ${taken.map(({ port }) => port).join(", ")}. Perhaps a sandbox runs already. Conformance runs take free ports and do not care.`,
    `For another sandbox: x402-assay sandbox ${taken.map(({ flag }) => `${flag} 0`).join(" ")}`,
  );
}
