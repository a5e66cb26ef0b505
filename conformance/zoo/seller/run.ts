import type { ProtocolId, SandboxDescription } from "#sandbox";
import { sellerCases } from "../../cases/seller/index.ts";
import { planRun, runCases } from "../../engine/index.ts";
import { type Case, openContext, type RunSetup, sellerBench } from "../../engine/seller/index.ts";
import { type Subject, startReference } from "../../subjects/index.ts";
import { casesFor, type Judgement, type Thoroughness, type Trial, trialOf } from "../trial.ts";
import { casesOverMcp, startReferenceOverMcp } from "./mcp/index.ts";
import type { Mutant } from "./mutant.ts";

/** One for all, so that they can pay with the same accounts: each has a chain of its own. */
const seed = "zoo";

/**
 * Paid requests of the rush. Each costs the whole stack some 12 ms of a core, every mutant has to stand it, and whoever
 * loses count of what is in flight does so among these, too.
 */
const rushInTheZoo = 24;

/** Runs cases against a mutant, in a sandbox that no other subject has used. */
export async function trySellerMutant(
  mutant: Mutant,
  sandbox: SandboxDescription,
  thoroughness: Thoroughness,
): Promise<Trial> {
  let reached = 0;
  const { protocol = "x402@2" } = mutant;
  const { overMcp, ...variation } = mutant.build(() => {
    reached += 1;
  }, sandbox);
  const name = `mutant ${mutant.id}`;
  const options = { protocols: [protocol], ...variation };
  const subject = await (overMcp === undefined
    ? startReference(sandbox, name, options)
    : startReferenceOverMcp(sandbox, name, options, overMcp));
  try {
    const planned = planRun(sellerCases, { protocol });
    const cases = casesFor(
      mutant,
      overMcp === undefined ? planned.filter(speaksHttp) : casesOverMcp(planned),
      thoroughness,
    );
    const judgement = await judge(subject, sandbox, seed, protocol, cases);
    return trialOf(mutant, thoroughness, judgement, reached);
  } finally {
    await subject.stop();
  }
}

/** Whether a case is tried on sellers that speak HTTP. */
function speaksHttp({ needs = [] }: Case): boolean {
  return !needs.includes("mcp");
}

/** Runs cases, all of a version without any given, against a subject in this thread. Subjects that share a sandbox need a seed each. */
export async function judge(
  subject: Subject,
  sandbox: SandboxDescription,
  seed: string,
  protocol: ProtocolId = "x402@2",
  cases: readonly Case[] = planRun(sellerCases, { protocol }),
): Promise<Judgement> {
  const setup: RunSetup = {
    role: "seller",
    protocol,
    adminUrl: sandbox.adminUrl,
    subject: subject.setup,
    seed,
    timeoutMs: 10_000,
    rush: rushInTheZoo,
    replay: "npm run zoo",
  };
  const context = await openContext(setup, cases);
  const results = await runCases(cases, sellerBench(context));
  return { results, sold: (await context.sale(protocol)).kind === "sold" };
}
