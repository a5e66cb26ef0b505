import { type SandboxDescription, startSandbox } from "#sandbox";
import { clientCases } from "../../cases/client/index.ts";
import { clientBench, openClientContext } from "../../engine/client/index.ts";
import { runCases } from "../../engine/index.ts";
import { moduleClient, type PayingFetchMaker } from "../../subjects/client/index.ts";
import { type Judgement, type Trial, trialOf } from "../trial.ts";
import type { ClientMutant } from "./mutant.ts";

/** Mutants that share a sandbox. Anvil gets slower with every block it has mined, so that a fresh one pays. */
const mutantsPerSandbox = 5;

/** Runs every case for clients against each mutant, one after the other. */
export async function* tryClientMutants(mutants: readonly ClientMutant[]): AsyncGenerator<Trial> {
  for (let first = 0; first < mutants.length; first += mutantsPerSandbox) {
    const sandbox = await startSandbox();
    try {
      for (const mutant of mutants.slice(first, first + mutantsPerSandbox)) {
        yield await tryMutant(mutant, sandbox.description);
      }
    } finally {
      await sandbox.stop();
    }
  }
}

async function tryMutant(mutant: ClientMutant, sandbox: SandboxDescription): Promise<Trial> {
  let reached = 0;
  const maker = mutant.build(() => {
    reached += 1;
  });
  return trialOf(mutant, await judgeClient(maker, sandbox, mutant.id), reached);
}

/** Runs every case against a client in this thread. Payers are the zoo's own: the seed is the client's name. */
export async function judgeClient(
  maker: PayingFetchMaker,
  { adminUrl }: SandboxDescription,
  seed: string,
  timeoutMs = 10_000,
): Promise<Judgement> {
  const setup = { adminUrl, seed, timeoutMs, replay: "npm run zoo" };
  const context = await openClientContext(setup, moduleClient(maker));
  const results = await runCases(clientCases, clientBench(context));
  return { results, sold: (await context.honestSale("x402@2")).deliveries > 0 };
}
