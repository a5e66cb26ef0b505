import { Command } from "commander";
import pc from "picocolors";
import { Problem, type Sandbox, type SandboxDescription } from "#sandbox";
import { blockNumber, httpUrl, port, positive } from "./options.ts";

interface SandboxFlags {
  port: number;
  rpcPort: number;
  facilitatorPort: number;
  sellerPort: number;
  forkUrl?: string;
  forkBlockNumber?: bigint;
  blockTime?: number;
  state?: string;
  json?: true;
  quiet?: true;
}

/** `x402-assay sandbox`: starts a sandbox and keeps it running until it is told to end. */
export function sandboxCommand(): Command {
  return new Command("sandbox")
    .description("start a local chain with mock USDC, a facilitator and a seller; Ctrl-C ends it")
    .option("--port <port>", "port of the admin API", port, 4020)
    .option("--rpc-port <port>", "port of the chain", port, 8545)
    .option("--facilitator-port <port>", "port of the facilitator", port, 4022)
    .option("--seller-port <port>", "port of the seller", port, 4021)
    .option("--fork-url <url>", "fork the chain at this RPC", httpUrl)
    .option("--fork-block-number <number>", "fork at this block", blockNumber)
    .option("--block-time <seconds>", "mine every so many seconds; without it, at once", positive)
    .option("--state <file>", "load the chain from this file and save it there at the end")
    .option("--json", "print one JSON line when ready")
    .option("--quiet", "print nothing when ready")
    .action(run);
}

async function run(flags: SandboxFlags): Promise<void> {
  const { startSandbox } = await import("#sandbox");
  const signal = endSignal();
  const { port: adminPort, json, quiet, ...options } = flags;
  const sandbox = await startSandbox({ ...options, adminPort });
  const startupMs = Math.round(performance.now());
  if (json) console.log(JSON.stringify({ ready: true, startupMs, ...sandbox.description }));
  else if (!quiet) console.log(welcome(sandbox.description, startupMs));
  await runUntil(signal, sandbox);
}

/** Listens from the first moment, so that Ctrl-C during the start ends in order, too. */
function endSignal(): Promise<void> {
  return new Promise((resolve) => {
    // Not `once`: with no listener left, a library that watches for signals would let this one kill us.
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve());
  });
}

async function runUntil(signal: Promise<void>, sandbox: Sandbox): Promise<void> {
  const death = await Promise.race([signal, sandbox.ended]);
  await sandbox.stop();
  if (death instanceof Problem) throw death;
}

function welcome(
  { rpcUrl, network, asset, facilitatorUrl, sellerUrl, adminUrl, accounts }: SandboxDescription,
  startupMs: number,
): string {
  const row = (name: string, value: string) => `  ${pc.dim(name.padEnd(12))} ${value}`;
  return [
    `${pc.bold("x402-assay sandbox")} is ready (${startupMs} ms). Everything is local; the money is play money.`,
    "",
    row("seller", `${sellerUrl}/weather?city=Berlin`),
    row("facilitator", facilitatorUrl),
    row("chain", `${rpcUrl}  ${network}`),
    row("USDC", asset),
    row("admin", adminUrl),
    row("payer", `${accounts.payer.address}  key ${accounts.payer.privateKey}`),
    row("payTo", accounts.seller.address),
    "",
    "Try:",
    `  curl -i '${sellerUrl}/weather?city=Berlin'          ${pc.dim("# 402, with the price in PAYMENT-REQUIRED")}`,
    `  npm run pay -- '${sellerUrl}/weather?city=Berlin'   ${pc.dim("# pays and prints the weather")}`,
    "",
    pc.dim("Ctrl-C ends it."),
  ].join("\n");
}
