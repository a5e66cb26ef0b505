import { clientSteps } from "#sandbox";
import { type ClientMutant, replacing } from "../mutant.ts";
import { payingFromMemory } from "../remembering.ts";

/** Clients that meet a shop a second time, and do otherwise there than at first. */
export const rememberingMutants: readonly ClientMutant[] = [
  {
    id: "pays-from-memory",
    breaks: "Pays what it has bought before without asking, and signs another payment when that fails.",
    caughtBy: [
      "client.again.second-lost",
      "client.again.second-500",
      "client.again.second-pending",
      "client.v1.again-second-lost",
      "client.v1.again-second-500",
      "client.v1.again-second-pending",
    ],
    build: (reached) =>
      payingFromMemory(async (presentation) => {
        const { made, signAnother } = presentation;
        if (made > 1 || signAnother === undefined) return clientSteps.retry(presentation);
        reached();
        return signAnother();
      }),
  },
  {
    id: "looks-twice",
    breaks: "Asks twice, and pays the price of the second time, whatever the first one was.",
    caughtBy: ["client.entries.price-rises-between-looks"],
    build: replacing("ask", (original, reached) => async (...order) => {
      const { response } = await original(...order);
      await response.body?.cancel();
      reached();
      return original(...order);
    }),
  },
];
