import type { SandboxDescription } from "#sandbox";
import { clientCases } from "../../cases/client/index.ts";
import { clientBench, openClientContext } from "../../engine/client/index.ts";
import { runCases } from "../../engine/index.ts";
import { moduleClient, type PayingFetchMaker, referenceLimit } from "../../subjects/client/index.ts";
import { casesFor, type Judgement, type Thoroughness, type Trial, trialOf } from "../trial.ts";
import type { ClientMutant } from "./mutant.ts";
import { inTimeZones } from "./zone.ts";

/** One for all, so that they can pay with the same accounts: each has a chain of its own. */
const seed = "zoo";

/** Mutants need not be waited for as long as programs: milliseconds. */
const silenceMs = 3_000;

/** Runs cases against a mutant, in a sandbox that no other subject has used. */
export async function tryClientMutant(
  mutant: ClientMutant,
  sandbox: SandboxDescription,
  thoroughness: Thoroughness,
): Promise<Trial> {
  let reached = 0;
  const maker = mutant.build(() => {
    reached += 1;
  });
  const cases = casesFor(mutant, clientCases, thoroughness);
  const judgement = await judgeClient(maker, sandbox, seed, 10_000, cases);
  return trialOf(mutant, thoroughness, judgement, reached);
}

/** Runs cases, all without any given, against a client in this thread. Clients that share a sandbox need a seed each. */
export async function judgeClient(
  maker: PayingFetchMaker,
  { adminUrl }: SandboxDescription,
  seed: string,
  timeoutMs = 10_000,
  cases = clientCases,
): Promise<Judgement> {
  const setup = { adminUrl, seed, timeoutMs, replay: "npm run zoo", limit: referenceLimit, silenceMs };
  const context = await openClientContext(setup, inTimeZones(moduleClient(maker)), cases);
  const results = await runCases(cases, clientBench(context));
  return { results, sold: (await context.honestSale("x402@2")).deliveries > 0 };
}
