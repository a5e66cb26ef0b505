import { clientSteps } from "#sandbox";
import type { ClientMutant } from "../mutant.ts";
import { payingFromMemory } from "../remembering.ts";

/** Clients that know a shop by the second errand, and do otherwise there than at first. */
export const rememberingMutants: readonly ClientMutant[] = [
  {
    id: "pays-from-memory",
    breaks: "Pays what it has bought before without asking, and signs another payment when that fails.",
    caughtBy: ["client.again.second-lost", "client.again.second-500", "client.again.second-pending"],
    build: (reached) =>
      payingFromMemory(async (presentation) => {
        const { made, signAnother } = presentation;
        if (made > 1 || signAnother === undefined) return clientSteps.retry(presentation);
        reached();
        return signAnother();
      }),
  },
];
