import { setTimeout as delay } from "node:timers/promises";
import type { ClientUnderTest, Outcome } from "../../engine/client/index.ts";
import { Patience } from "./patience.ts";
import type { OpenErrand } from "./pull-index.ts";

/** How often to look whether somebody came, in milliseconds. */
const interval = 50;

/** A client that comes by itself, to what the index at `indexUrl` lists: a browser, an agent, a program elsewhere. */
export function pullClient(indexUrl: string): ClientUnderTest {
  const patience = new Patience();
  return {
    takesRequests: false,
    usesGivenPayer: false,
    run: async ({ label, url, requestsSoFar }, signal): Promise<Outcome> => {
      const errand = { label, url };
      await tell(indexUrl, "PUT", errand);
      await untilVisited(requestsSoFar, signal);
      await tell(indexUrl, "DELETE", errand);
      await untilSilent(requestsSoFar, patience, signal);
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

async function untilVisited(requestsSoFar: () => number, signal: AbortSignal): Promise<void> {
  while (requestsSoFar() === 0 && !signal.aborted) await pause(signal);
}

async function untilSilent(
  requestsSoFar: () => number,
  patience: Patience,
  signal: AbortSignal,
): Promise<void> {
  let seen = requestsSoFar();
  let since = Date.now();
  while (Date.now() - since < patience.milliseconds && !signal.aborted) {
    await pause(signal);
    const now = requestsSoFar();
    if (now === seen) continue;
    patience.sawPause(Date.now() - since);
    since = Date.now();
    seen = now;
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  await delay(interval, undefined, { signal }).catch(() => undefined);
}
