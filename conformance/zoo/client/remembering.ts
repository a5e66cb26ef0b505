import { type ClientSteps, clientSteps } from "#sandbox";
import { type PayingFetchMaker, referenceClient } from "../../subjects/client/index.ts";

/**
 * A client that pays what it has bought before without asking, on the terms of then. What it does when that fails is
 * `retry`.
 */
export function payingFromMemory(retry: ClientSteps["retry"]): PayingFetchMaker {
  const known = new Map<string, Response>();
  return (context) => {
    let isKnown = false;
    return referenceClient({
      ...clientSteps,
      ask: async (request, ...rest) => {
        const demand = known.get(request.url);
        isKnown = demand !== undefined;
        if (demand !== undefined) return { request, response: demand.clone() };
        const asked = await clientSteps.ask(request, ...rest);
        if (asked.response.status === 402) known.set(request.url, asked.response.clone());
        return asked;
      },
      retry: (presentation) => (isKnown ? retry : clientSteps.retry)(presentation),
    })(context);
  };
}
