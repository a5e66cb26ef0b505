import { writeFile } from "node:fs/promises";
import { Command } from "commander";
import { Problem, startSandbox } from "#sandbox";
import { colors } from "../colors.ts";
import { configFileNames, parseHeader } from "../config/index.ts";
import type { SellerRequests, SubjectSetup } from "../engine/seller/index.ts";
import {
  configOf,
  type Findings,
  lookAt,
  type PaidRequest,
  type Place,
  placeFor,
  render,
  type Setting,
  type Settings,
  settingsFor,
} from "../init/index.ts";
import { diagnose, readChallenge } from "../oracles/wire/index.ts";
import { locateSeller, type SellerTarget, stageSeller } from "../stage-seller.ts";
import { interruption } from "./interruption.ts";
import { type SellerFlags, sellerTarget, withSellerFlags } from "./seller-flags.ts";

interface InitFlags extends SellerFlags {
  file?: string;
  force?: boolean;
  json?: boolean;
}

/** Longest that one question may take, in milliseconds. */
const patience = 5_000;

/** `x402-assay init`: writes a configuration by asking a seller what it sells. */
export function initCommand(): Command {
  return withSellerFlags(new Command("init"))
    .description(
      "write a configuration by asking your running seller (--url), or one that is started (--start)",
    )
    .option("--file <file>", "file to write; x402-assay.config.ts without it")
    .option("--force", "write over a file that is there")
    .option("--json", "print what was found as JSON")
    .action(run);
}

async function run(flags: InitFlags): Promise<void> {
  const signal = interruption();
  const place = await placeFor(flags.file, flags.force ?? false);
  const { target } = sellerTarget(flags, undefined);
  if (target.tool !== undefined) {
    throw new Problem(
      "usage",
      "Tools are not looked at.",
      "Write seller.tool into the configuration by hand; docs/mcp.md has an example.",
    );
  }
  if (target.url === undefined) {
    throw new Problem(
      "usage",
      "Nothing says which seller to ask.",
      "Give --url, a request that costs money, or the seller's origin: --url http://127.0.0.1:3000",
    );
  }
  const findings = await ask(target, target.url, signal);
  const paid = requirePaid(findings, target.url);
  const headers = Object.assign({}, ...(flags.header ?? []).map(parseHeader));
  const settings = settingsFor({
    target,
    url: paidUrl(target.url, locateSeller(target, target.url, 0).requests, paid),
    headers,
    findings: { ...findings, paid },
    startScript: place.startScript,
  });
  await write(place.file, render(settings, place));
  console.log(
    flags.json ? JSON.stringify({ file: place.file, config: configOf(settings) }) : told(settings, place),
  );
  if (paid.advice.length > 0)
    console.error(`${colors.yellow("!")} Its challenge is not as it should be. ${paid.advice.join(" ")}`);
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem(
      "usage",
      `The configuration cannot be written: ${reason}.`,
      "Give --file, in a folder that is there and can be written.",
      { cause },
    );
  }
}

/** Asks the seller; one that has to be started finds a sandbox in its environment. */
async function ask(target: SellerTarget, url: string, signal: AbortSignal): Promise<Findings> {
  if (target.start === undefined) return look(locateSeller(target, url, 0));
  const sandbox = await startSandbox({ signal });
  try {
    const { setup, stop } = await stageSeller(target, sandbox.description, [], signal);
    return await look(setup).finally(stop);
  } finally {
    await sandbox.stop();
  }
}

function look({ origin, headers = {}, requests }: Omit<SubjectSetup, "name">): Promise<Findings> {
  return lookAt({ origin, headers, request: requests.paid, timeoutMs: patience });
}

/**
 * What costs money there.
 *
 * @throws Problem when nothing does
 */
function requirePaid({ paid, answered }: Findings, url: string): PaidRequest {
  if (paid !== undefined) return paid;
  if (answered.kind === "no-answer") {
    throw new Problem(
      "subject-unreachable",
      `No HTTP answer from ${url}: ${answered.why}.`,
      "Start the seller first, or let it be started with --start.",
    );
  }
  if (answered.status === 402) {
    const reading = readChallenge(answered);
    throw new Problem(
      "usage",
      `${url} answers 402 without an x402 challenge that can be read${"problem" in reading ? `: ${reading.problem}` : ""}.`,
      diagnose(answered).join(" ") ||
        "Send a PAYMENT-REQUIRED header: base64 of a JSON object with x402Version, resource and accepts.",
    );
  }
  throw new Problem(
    "usage",
    `Nothing that could be found at ${url} asks for a payment; it answered ${answered.status} itself.`,
    "Give --url a request that costs money, with --method and --data where it needs them.",
  );
}

/** The URL as the user wrote it where that is what costs money, else that of the request that does. */
function paidUrl(given: string, { paid: asked }: SellerRequests, { request }: PaidRequest): string {
  if (asked.method === request.method && asked.target === request.target) return given;
  return `${/^\w+:\/\/[^/?#]+/.exec(given)?.[0]}${request.target}`;
}

function told(settings: Settings, { file }: Place): string {
  // Only under its usual names is a configuration found without being told.
  const configFlag = configFileNames.includes(file) ? "" : ` --config ${file}`;
  const said = [...settings.seller, ...settings.run].filter(({ isExample }) => !isExample);
  const line = ({ name, value, explains }: Setting) =>
    `  ${name.padEnd(10)} ${typeof value === "string" ? value : JSON.stringify(value)}\n             ${colors.dim(explains)}`;
  return [
    `${file} is written:`,
    ...said.map(line),
    "",
    "Complete it: what is commented out makes more rules applicable. Then:",
    `  npx x402-assay doctor${configFlag}`,
    `  npx x402-assay conformance seller${configFlag}`,
  ].join("\n");
}
