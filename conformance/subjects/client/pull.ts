import type { ClientUnderTest, Errand, Outcome } from "../../engine/client/index.ts";
import { Patience } from "./patience.ts";
import type { OpenErrand } from "./pull-index.ts";
import { pause, untilSilent } from "./silence.ts";

/** A client that comes by itself, to what the index at `indexUrl` lists: a browser, an agent, a program elsewhere. */
export function pullClient(indexUrl: string): ClientUnderTest {
  const patience = new Patience();
  return {
    takesRequests: false,
    takesEnvironment: false,
    usesGivenPayer: false,
    run: async ({ label, url, traffic }, signal): Promise<Outcome> => {
      const errand = { label, url };
      await tell(indexUrl, "PUT", errand);
      await untilVisited(traffic, signal);
      await tell(indexUrl, "DELETE", errand);
      await untilSilent(traffic, patience, signal);
      return { kind: "unseen", summary: signal.aborted ? "nobody was done in time" : "somebody came" };
    },
    close: async () => {},
  };
}

async function tell(indexUrl: string, method: "PUT" | "DELETE", errand: OpenErrand): Promise<void> {
  const response = await fetch(new URL("/errands", indexUrl), {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(errand),
  });
  if (!response.ok) throw new Error(`The index refused ${method} of ${errand.url}: ${response.status}`);
}

async function untilVisited(traffic: Errand["traffic"], signal: AbortSignal): Promise<void> {
  while (traffic().requests === 0 && !signal.aborted) await pause(signal);
}
