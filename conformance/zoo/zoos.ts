import type { Role } from "../requirements/index.ts";
import { clientMutants, tryClientMutants } from "./client/index.ts";
import { facilitatorMutants, tryFacilitatorMutants } from "./facilitator/index.ts";
import { sellerMutants } from "./mutants/index.ts";
import { tryMutants } from "./run-zoo.ts";
import type { MutantFacts, Thoroughness, Trial } from "./trial.ts";

/** The wrong programs of one role, and how the suite is tried on them. */
export interface Zoo {
  readonly role: Role;
  readonly mutants: readonly MutantFacts[];
  /** Tries those with these ids, one after the other. */
  readonly tryEach: (ids: readonly string[], thoroughness: Thoroughness) => AsyncGenerator<Trial>;
}

/** Every zoo. */
export const zoos: readonly Zoo[] = [
  zooOf("seller", sellerMutants, tryMutants),
  zooOf("client", clientMutants, tryClientMutants),
  zooOf("facilitator", facilitatorMutants, tryFacilitatorMutants),
];

function zooOf<M extends MutantFacts>(
  role: Role,
  mutants: readonly M[],
  tryAll: (mutants: readonly M[], thoroughness: Thoroughness) => AsyncGenerator<Trial>,
): Zoo {
  return {
    role,
    mutants,
    tryEach: (ids, thoroughness) =>
      tryAll(
        mutants.filter(({ id }) => ids.includes(id)),
        thoroughness,
      ),
  };
}
