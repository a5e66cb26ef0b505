import { randomBytes } from "node:crypto";
import { Argument, Command } from "commander";
import { Problem, type SandboxDescription } from "#sandbox";
import { colors } from "../colors.ts";
import { type Config, loadConfig } from "../config/index.ts";
import {
  examineClient,
  examineEnvironment,
  examineFacilitator,
  examineSeller,
  type Finding,
  ok,
  problem,
  unreachable,
  warning,
} from "../doctor/index.ts";
import { stageClient } from "../judge-client.ts";
import { stageFacilitator } from "../judge-facilitator.ts";
import { redactor } from "../report/index.ts";
import type { Role } from "../requirements/index.ts";
import { sandboxFor } from "../sandbox-for.ts";
import { secretsOf } from "../secrets.ts";
import { stageSeller } from "../stage-seller.ts";
import { type ClientFlags, clientTarget, withClientFlags } from "./client-command.ts";
import { facilitatorTarget } from "./facilitator-command.ts";
import { refuseForeignFlags } from "./flags-of-roles.ts";
import { interruption } from "./interruption.ts";
import { print } from "./output.ts";
import { type SellerFlags, sellerTarget, withSellerFlags } from "./seller-flags.ts";
import { withMeetingFlags } from "./shared-flags.ts";

type DoctorFlags = SellerFlags & ClientFlags & { json?: boolean };

/** What an examination needs beside its subject. */
interface Ward {
  readonly flags: DoctorFlags;
  readonly config: Config;
  readonly sandbox: SandboxDescription;
  readonly seed: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** `x402-assay doctor`: looks at what a run needs before there is one. */
export function doctorCommand(): Command {
  return withMeetingFlags(withClientFlags(withSellerFlags(new Command("doctor"))))
    .description(
      "look whether a run can work here, and say what to do where it cannot; without a role, at all that the configuration names",
    )
    .addArgument(new Argument("[role]", "what to look at").choices(["seller", "client", "facilitator"]))
    .option("--json", "print JSON")
    .action(run);
}

async function run(role: Role | undefined, flags: DoctorFlags): Promise<void> {
  const signal = interruption();
  const config = await loadConfig(flags.config, { signal });
  const roles = rolesOf(role, flags, config);
  refuseForeignFlags(roles, flags, "doctor looks at");
  const findings: Finding[] = [];
  for await (const finding of examineAll(roles, flags, config, signal)) {
    signal.throwIfAborted();
    findings.push(finding);
    if (!flags.json) print(linesOf(finding));
  }
  const exitCode = exitCodeOf(findings);
  if (flags.json) print(JSON.stringify({ exitCode, findings }, null, 2));
  else print(`\n${conclusionOf(findings)}`);
  process.exitCode = exitCode;
}

/** What flags name; else all that the configuration does. */
function rolesOf(role: Role | undefined, flags: DoctorFlags, config: Config): readonly Role[] {
  if (role !== undefined) return [role];
  if ((flags.command ?? flags.module ?? flags.pull) !== undefined) return ["client"];
  if ((flags.url ?? flags.start) !== undefined) return ["seller"];
  return (["seller", "client", "facilitator"] as const).filter((one) => config[one] !== undefined);
}

async function* examineAll(
  roles: readonly Role[],
  flags: DoctorFlags,
  config: Config,
  signal: AbortSignal,
): AsyncGenerator<Finding> {
  yield* await examineEnvironment();
  if (roles.length === 0) {
    yield warning(
      "subject",
      "Nothing says what is to be judged.",
      "Write a configuration with `x402-assay init`, or give --url, --start or --command.",
    );
  }
  const opened = await openSandbox(flags.sandbox ?? config.sandbox, signal);
  if ("check" in opened) {
    yield opened;
    return;
  }
  const { description: sandbox, stop } = opened;
  try {
    yield ok("sandbox", `A chain with mock USDC answers as ${sandbox.network} at ${sandbox.rpcUrl}.`);
    const timeoutMs = flags.timeout ?? config.timeout ?? 15_000;
    const seed = randomBytes(4).toString("hex");
    for (const role of roles) yield* told(role, { flags, config, sandbox, seed, timeoutMs, signal });
  } finally {
    await stop();
  }
}

/** A sandbox, or what keeps it from being there. */
async function openSandbox(adminUrl: string | undefined, signal: AbortSignal) {
  try {
    return await sandboxFor(adminUrl, { signal });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const find = error.code === "sandbox-unreachable" ? unreachable : problem;
    return find("sandbox", error.message, error.next);
  }
}

/** What keeps a program from being looked at is a finding, too. */
async function* told(role: Role, ward: Ward): AsyncGenerator<Finding> {
  try {
    yield* examine[role](ward);
  } catch (error) {
    if (!(error instanceof Problem) || !error.code.startsWith("subject-")) throw error;
    yield unreachable(role, error.message, error.next);
  }
}

const examine: Readonly<Record<Role, (ward: Ward) => AsyncGenerator<Finding>>> = {
  async *seller({ flags, config, sandbox, seed, timeoutMs, signal }) {
    const { target, secrets } = sellerTarget(flags, config.seller);
    const protocol = flags.protocol ?? config.protocol ?? "x402@2";
    const { setup: subject, stop } = await stageSeller(target, sandbox, ["x402@2", "x402@1"], signal);
    const knowsSandbox = target.start !== undefined || (flags.sandbox ?? config.sandbox) !== undefined;
    try {
      const findings = examineSeller({ subject, sandbox, protocol, seed, timeoutMs, knowsSandbox });
      yield* redacted(findings, sandbox, secrets);
    } finally {
      await stop();
    }
  },
  async *client({ flags, config, sandbox, seed, timeoutMs, signal }) {
    const target = clientTarget(flags, config.client);
    if (target !== undefined && "pull" in target) {
      yield ok("client", "It comes by itself, when there is a run.");
      return;
    }
    const { subject, stop } = await stageClient(target, timeoutMs, signal);
    try {
      yield* examineClient({
        subject,
        sandbox,
        protocol: flags.protocol ?? config.protocol,
        seed,
        timeoutMs,
      });
    } finally {
      await stop();
    }
  },
  async *facilitator({ flags, config, sandbox, seed, timeoutMs, signal }) {
    const { target, secrets } = facilitatorTarget(flags, config.facilitator);
    const { setup: subject, stop } = await stageFacilitator(target, sandbox, signal);
    try {
      const protocol = flags.protocol ?? config.protocol;
      const findings = examineFacilitator({ subject, sandbox, protocol, seed, timeoutMs });
      yield* redacted(findings, sandbox, secrets);
    } finally {
      await stop();
    }
  },
};

/** A finding may quote what a program answered, which may quote what it was sent. */
async function* redacted(
  findings: AsyncGenerator<Finding>,
  sandbox: SandboxDescription,
  secrets: readonly string[],
): AsyncGenerator<Finding> {
  const redact = redactor(secretsOf(sandbox, "", [], secrets));
  for await (const { finding, remedy, ...facts } of findings) {
    yield { ...facts, finding: redact(finding), ...(remedy === undefined ? {} : { remedy: redact(remedy) }) };
  }
}

/** 0 a run can work · 1 something has to be mended · 3 a program cannot be reached. */
function exitCodeOf(findings: readonly Finding[]): 0 | 1 | 3 {
  const has = (status: Finding["status"]) => findings.some((finding) => finding.status === status);
  if (has("unreachable")) return 3;
  return has("problem") ? 1 : 0;
}

const marks: Readonly<Record<Finding["status"], string>> = {
  ok: colors.green("✓"),
  warning: colors.yellow("!"),
  problem: colors.red("✗"),
  unreachable: colors.red("✗"),
};

function linesOf({ check, status, finding, remedy }: Finding): string {
  const head = `${marks[status]} ${check.padEnd(12)} ${finding}`;
  return remedy === undefined || remedy === ""
    ? head
    : `${head}\n${" ".repeat(15)}→ ${remedy.replaceAll("\n", `\n${" ".repeat(17)}`)}`;
}

function conclusionOf(findings: readonly Finding[]): string {
  const count = (...statuses: readonly Finding["status"][]) =>
    findings.filter(({ status }) => statuses.includes(status)).length;
  const problems = count("problem", "unreachable");
  const warnings = count("warning");
  const word = (n: number, what: string) => `${n} ${what}${n === 1 ? "" : "s"}`;
  if (problems > 0)
    return `${colors.red(word(problems, "problem"))}, ${word(warnings, "warning")}. Mend the first one, and look again.`;
  return `${colors.green("A run can work here.")}${warnings === 0 ? "" : ` ${word(warnings, "warning")}.`}`;
}
