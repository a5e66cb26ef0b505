import { type Route, referenceRoutes, sellerSteps } from "#sandbox";
import { type Mutant, replacing } from "../mutant.ts";
import { everyFailedTransaction } from "./chain.ts";
import { everyFalseYes } from "./failed-settlement.ts";
import { ofBothPermits } from "./of-both-permits.ts";

/** Sellers whose goods are nothing, or that lose goods which cannot be told by their words. */
export const goodsMutants: readonly Mutant[] = [
  {
    id: "empty-answer",
    breaks: "Loses the body on its way out: whoever pays gets a 200 that calls itself JSON, and nothing.",
    caughtBy: ["seller.retry.brings-something"],
    build: replacing("respond", (original, reached) => async (exchange, goods, settlement) => {
      const answer = await original(exchange, goods, settlement);
      if (settlement.kind !== "settled" || typeof answer.body !== "string") return answer;
      reached();
      return { ...answer, body: "" };
    }),
  },
  {
    id: "failure-with-goods-of-the-moment",
    breaks:
      "Measures anew for every buyer, and puts the measurement into the 402 for a settlement that failed.",
    caughtBy: [
      "seller.settlement.failure-withholds-the-body",
      "seller.settlement.delivers-nothing-on-settle-400",
      ...everyFalseYes,
      "seller.chain.front-run",
      ...everyFailedTransaction,
      ...ofBothPermits("failed-settlement"),
    ],
    build: (reached) => ({
      routes: referenceRoutes.map(ofTheMoment),
      steps: {
        ...sellerSteps,
        respond: async (exchange, goods, settlement) => {
          const answer = await sellerSteps.respond(exchange, goods, settlement);
          if (settlement.kind !== "failed" || typeof goods.body !== "string") return answer;
          reached();
          return { ...answer, body: goods.body };
        },
      },
    }),
  },
];

/** The weather as it was never measured before. */
function ofTheMoment(route: Route): Route {
  if (route.path !== "/weather") return route;
  return {
    ...route,
    prepare: (input, request) => {
      const prepared = route.prepare(input, request);
      if (prepared.kind !== "ready") return prepared;
      return {
        kind: "ready",
        work: () => ({ body: { celsius: Math.random(), hectopascal: Math.random() } }),
      };
    },
  };
}
