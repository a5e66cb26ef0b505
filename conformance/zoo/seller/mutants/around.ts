import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { referenceRoutes, route } from "#sandbox";
import type { Mutant } from "../mutant.ts";

/** Hands requests of one kind to a route that knows no price. */
export function aroundThePaywall(
  mutant: Pick<Mutant, "id" | "breaks" | "caughtBy"> & { isTaken: (request: IncomingMessage) => boolean },
): Mutant {
  const { isTaken, ...rest } = mutant;
  return {
    ...rest,
    build: (reached) => ({
      routes: [...referenceRoutes, unguarded("/inside", reached)],
      front: (request, _response, forward) => {
        if (isTaken(request)) {
          request.url = "/inside?city=Berlin";
          if (request.method !== "HEAD") request.method = "GET";
        }
        forward();
      },
    }),
  };
}

/** The weather at a path of its own, without a price. */
export function unguarded(path: string, reached: () => void) {
  const paid = referenceRoutes.find((candidate) => candidate.path === "/weather");
  return route({
    method: "GET",
    path,
    description: "The weather, for nothing",
    input: z.object({}),
    handle: async (_input, request) => {
      reached();
      const { params, query } = request;
      const prepared = paid?.prepare({ params, query }, request);
      return prepared?.kind === "ready" ? prepared.work() : { status: 400 };
    },
  });
}
