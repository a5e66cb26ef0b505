import { Command, CommanderError, InvalidArgumentError } from "commander";
import {
  type FullRequest,
  openBuyer,
  PaymentError,
  type PaymentOutcome,
  type Ready,
} from "../client/index.ts";
import { evmChainId, evmNetwork, type Network } from "../protocol/index.ts";
import {
  dryRunReport,
  errorReport,
  errorSentence,
  type PayReport,
  payReport,
  reportText,
} from "./pay-report.ts";
import { commandPayer } from "./payer-key.ts";

interface PayFlags {
  readonly method?: string;
  readonly data?: string;
  readonly header: Readonly<Record<string, string>>;
  readonly maxAmount?: bigint;
  readonly network?: Network;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const exitCodes = { failed: 1, usage: 2, unreachable: 3 } as const;

/**
 * `x402-assay pay URL`: sends a request, pays if asked, prints what was paid and the answer.
 *
 * Every end but success is thrown as a CommanderError that has been printed already: exit code 1 for a refused or
 * failed payment or an answer that is not 2xx, 2 for wrong usage, 3 for a seller that cannot be reached. Output goes
 * through commander's `configureOutput`.
 *
 * @example
 * program.addCommand(payCommand());
 */
export function payCommand(): Command {
  const command = new Command("pay")
    .description("send a request, pay for it when the seller asks, print the answer")
    .argument("<url>", "what to buy", parseUrl)
    .option("--method <method>", "HTTP method (default: GET, or POST with --data)")
    .option("--data <body>", "request body; sent as JSON when it is JSON")
    .option("--header <header>", 'request header, "Name: value"; repeatable', collectHeader, {})
    .option(
      "--max-amount <atomic>",
      "most to pay, or to let a seller of upto charge, in atomic units (default: 1000000, which is 1 USDC)",
      parseAmount,
    )
    .option(
      "--network <caip2>",
      "pay on this network only; needed for sellers elsewhere than on this machine",
      parseNetwork,
    )
    .option("--dry-run", "print what would be paid, sign nothing")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      "\nThe payer's key is PAYER_PRIVATE_KEY of the environment, else the sandbox's own payer.",
    )
    .exitOverride(withUsageExitCode)
    .action((url: URL, flags: PayFlags) => run(command, url, flags));
  return command;
}

async function run(command: Command, url: URL, flags: PayFlags): Promise<void> {
  const payer = commandPayer(process.env, url, flags.network);
  if (!payer.ok)
    return command.error(`error: ${payer.complaint}`, { exitCode: exitCodes.usage, code: "pay.usage" });
  const print = (report: PayReport) =>
    command.configureOutput().writeOut?.(reportText(report, flags.json === true));
  const buyer = openBuyer({
    signer: payer.account,
    maxAmount: flags.maxAmount,
    allowedNetworks: flags.network === undefined ? undefined : [flags.network],
  });
  let outcome: PaymentOutcome | Ready;
  try {
    const prepared = await buyer.prepare(requestOf(url, flags));
    if (prepared.kind === "unpayable") throw prepared.error;
    const isToBePaid = prepared.kind === "ready" && flags.dryRun !== true;
    outcome = isToBePaid ? await buyer.execute(prepared) : prepared;
  } catch (error) {
    if (!(error instanceof PaymentError)) throw error;
    if (flags.json === true) print(await errorReport(error));
    return command.error(`error: ${errorSentence(error)}`, {
      exitCode: exitCodeOf(error),
      code: `pay.${error.code}`,
    });
  }
  if (outcome.kind === "ready") return print(dryRunReport(outcome, payer.account.address));
  const report = await payReport(outcome);
  print(report);
  if (report.error !== undefined) fail(command, report.error.message);
  if (outcome.kind === "passthrough" && !outcome.response.ok)
    fail(command, `The seller answered ${outcome.response.status}.`);
}

function fail(command: Command, sentence: string): never {
  return command.error(`error: ${sentence}`, { exitCode: exitCodes.failed, code: "pay.failed" });
}

function exitCodeOf({ code }: PaymentError): number {
  if (code === "network-error") return exitCodes.unreachable;
  return code === "request-invalid" ? exitCodes.usage : exitCodes.failed;
}

/** Commander ends wrong usage with 1; here that means a failed payment. */
function withUsageExitCode(error: CommanderError): never {
  if (error.exitCode === 0 || error.code.startsWith("pay.")) throw error;
  throw new CommanderError(exitCodes.usage, error.code, error.message);
}

function requestOf(url: URL, { method, data, header }: PayFlags): FullRequest {
  const named = Object.keys(header).some((name) => name.toLowerCase() === "content-type");
  const type = data === undefined || named || !isJson(data) ? {} : { "content-type": "application/json" };
  return {
    url,
    method: method?.toUpperCase() ?? (data === undefined ? "GET" : "POST"),
    headers: { ...type, ...header },
    body: data,
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError("Give a whole URL, such as http://127.0.0.1:4021/weather?city=Rome.");
  }
  return url;
}

function parseAmount(text: string): bigint {
  if (!/^\d{1,78}$/.test(text)) {
    throw new InvalidArgumentError("Give atomic units in digits: 1000 is 0.001 USDC.");
  }
  return BigInt(text);
}

function parseNetwork(text: string): Network {
  const chainId = evmChainId(text);
  if (chainId === undefined)
    throw new InvalidArgumentError("Give the CAIP-2 name of an EVM chain, such as eip155:84532.");
  return evmNetwork(chainId);
}

function collectHeader(text: string, previous: Readonly<Record<string, string>>): Record<string, string> {
  const colon = text.indexOf(":");
  const name = text.slice(0, Math.max(colon, 0)).trim();
  const value = text.slice(colon + 1).trim();
  try {
    return { ...previous, ...Object.fromEntries(new Headers([[name, value]])) };
  } catch {
    throw new InvalidArgumentError('Give it as "Name: value".');
  }
}
