import { Command, Option } from "commander";
import { foundryImage, Problem, type ProtocolId, type SandboxDescription, startSandbox } from "#sandbox";
import { colors } from "../colors.ts";
import { interruption } from "./interruption.ts";
import { blockNumber, host, httpUrl, port, protocols, seconds } from "./options.ts";

interface SandboxFlags {
  host?: string;
  port: number;
  rpcPort: number;
  faultyRpcPort?: number;
  facilitatorPort: number;
  sellerPort: number;
  forkUrl?: string;
  forkBlockNumber?: bigint;
  blockTime?: number;
  chain: "process" | "docker";
  chainImage?: string;
  state?: string;
  protocols?: ProtocolId[];
  batching: boolean;
  json?: true;
  quiet?: true;
}

/** What a user types: the repository runs TypeScript and has npm scripts, the installed package has neither. */
const commands = import.meta.filename.endsWith(".ts")
  ? { pay: "npm run pay --", judge: "npm run conformance -- seller" }
  : { pay: "npx x402-assay pay", judge: "npx x402-assay conformance seller" };

/** `x402-assay sandbox`: starts a sandbox and keeps it running until it is told to end. */
export function sandboxCommand(): Command {
  return new Command("sandbox")
    .description("start a local chain with mock USDC, a facilitator and a seller; Ctrl-C ends it")
    .option("--host <address>", "listen on this interface, 0.0.0.0 for all; 127.0.0.1 without it", host)
    .option("--port <port>", "port of the admin API", port, 4020)
    .option("--rpc-port <port>", "port of the chain", port, 8545)
    .option("--faulty-rpc-port <port>", "port of the chain where faults bite; a free one without it", port)
    .option("--facilitator-port <port>", "port of the facilitator", port, 4022)
    .option("--seller-port <port>", "port of the seller", port, 4021)
    .option("--fork-url <url>", "fork the chain at this RPC", httpUrl)
    .option("--fork-block-number <number>", "fork at this block", blockNumber)
    .option("--block-time <seconds>", "mine every so many seconds; without it, at once", seconds)
    .addOption(
      new Option("--chain <where>", "run Anvil as a process, or from a container (needs testcontainers)")
        .choices(["process", "docker"])
        .default("process"),
    )
    .option("--chain-image <image>", `image for --chain docker; ${foundryImage} without it`)
    .option("--state <file>", "load the chain from this file and save it there at the end")
    .option(
      "--protocols <list>",
      "versions that the seller speaks, e.g. x402@2,x402@1; x402@2 alone without it",
      protocols,
    )
    .option("--no-batching", "settle each payment in a transaction of its own, also when many come together")
    .addOption(new Option("--json", "print one JSON line when ready").conflicts("quiet"))
    .option("--quiet", "print nothing when ready")
    .action(run);
}

async function run(flags: SandboxFlags): Promise<void> {
  const { port: adminPort, json, quiet, chain, chainImage, ...options } = flags;
  const interrupted = interruption();
  if (options.forkBlockNumber !== undefined && options.forkUrl === undefined) {
    throw new Problem("usage", "--fork-block-number needs --fork-url.", "Give the chain to fork, too.");
  }
  if (chainImage !== undefined && chain !== "docker") {
    throw new Problem("usage", "--chain-image needs --chain docker.", "Give both, or neither.");
  }
  const anvilImage = chain === "docker" ? (chainImage ?? foundryImage) : undefined;
  try {
    const sandbox = await startSandbox({ ...options, anvilImage, adminPort, signal: interrupted });
    const startupMs = Math.round(performance.now());
    if (json) console.log(JSON.stringify({ ready: true, startupMs, ...sandbox.description }));
    else if (!quiet) console.log(welcome(sandbox.description, startupMs));
    const death = await Promise.race([whenAborted(interrupted), sandbox.ended]);
    await sandbox.stop();
    if (death !== undefined) throw death;
  } catch (error) {
    // Ctrl-C in a terminal reaches Anvil, too: that it ends then is no accident.
    if (!interrupted.aborted) throw withAllPorts(error);
  }
}

/** Whoever has one of a sandbox's ports is most likely another sandbox, and has them all. */
function withAllPorts(error: unknown): unknown {
  if (!(error instanceof Problem) || error.code !== "port-in-use") return error;
  const next = `${error.next} Beside another sandbox: --port 0 --rpc-port 0 --facilitator-port 0 --seller-port 0`;
  return new Problem(error.code, error.message, next, { cause: error });
}

function whenAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener("abort", () => resolve(undefined));
  });
}

function welcome(
  { rpcUrl, network, asset, facilitatorUrl, sellerUrl, adminUrl, accounts }: SandboxDescription,
  startupMs: number,
): string {
  const weather = `${sellerUrl}/weather?city=Berlin`;
  const pay = `${commands.pay} '${weather}'`;
  const attempt = (command: string, what: string) =>
    `  ${command.padEnd(pay.length)}   ${colors.dim(`# ${what}`)}`;
  const row = (name: string, value: string) => `  ${colors.dim(name.padEnd(12))} ${value}`;
  return [
    `${colors.bold("x402-assay sandbox")} is ready (${startupMs} ms). Everything is local; the money is play money.`,
    "",
    row("seller", weather),
    row("facilitator", facilitatorUrl),
    row("chain", `${rpcUrl}  ${network}`),
    row("USDC", asset),
    row("admin", adminUrl),
    row("payer", `${accounts.payer.address}  key ${accounts.payer.privateKey}`),
    row("payTo", accounts.seller.address),
    "",
    "Try:",
    attempt(`curl -i '${weather}'`, "402, with the price in PAYMENT-REQUIRED"),
    attempt(pay, "pays and prints the weather"),
    attempt(commands.judge, "tries every rule; with --start and --url on your own seller"),
    "",
    colors.dim("Ctrl-C ends it."),
  ].join("\n");
}
