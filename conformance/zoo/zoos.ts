import { type SandboxDescription, startSandbox } from "#sandbox";
import type { Role } from "../requirements/index.ts";
import { clientMutants, tryClientMutant } from "./client/index.ts";
import { facilitatorMutants, tryFacilitatorMutant } from "./facilitator/index.ts";
import { sellerMutants, trySellerMutant } from "./seller/index.ts";
import type { MutantFacts, Thoroughness, Trial } from "./trial.ts";

/** The wrong programs of one role, and how the suite is tried on them. */
export interface Zoo {
  readonly role: Role;
  readonly mutants: readonly MutantFacts[];
  /** Tries the suite on one of them; `undefined` when it is not in this zoo. */
  readonly tryMutant: (id: string, thoroughness: Thoroughness) => Promise<Trial> | undefined;
}

/** Every zoo. */
export const zoos: readonly Zoo[] = [
  zooOf("seller", sellerMutants, trySellerMutant),
  zooOf("client", clientMutants, tryClientMutant),
  zooOf("facilitator", facilitatorMutants, tryFacilitatorMutant),
];

function zooOf<M extends MutantFacts>(
  role: Role,
  mutants: readonly M[],
  tryOne: (mutant: M, sandbox: SandboxDescription, thoroughness: Thoroughness) => Promise<Trial>,
): Zoo {
  return {
    role,
    mutants,
    tryMutant: (id, thoroughness) => {
      const mutant = mutants.find((candidate) => candidate.id === id);
      return mutant && inFreshSandbox((sandbox) => tryOne(mutant, sandbox, thoroughness));
    },
  };
}

/** Anvil gets slower with every payment that it keeps, so that a fresh sandbox costs less than an old one. */
async function inFreshSandbox(work: (sandbox: SandboxDescription) => Promise<Trial>): Promise<Trial> {
  const sandbox = await startSandbox();
  try {
    return await work(sandbox.description);
  } finally {
    await sandbox.stop();
  }
}
