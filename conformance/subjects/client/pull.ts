import { setTimeout as delay } from "node:timers/promises";
import Fastify from "fastify";
import type { ClientUnderTest, Errand, Outcome } from "../../engine/client/index.ts";

/** A client that has been silent for this long after its last request counts as done, in milliseconds. */
const silence = 1_500;

/** How often to look whether somebody came, in milliseconds. */
const interval = 50;

/** An errand that waits for somebody to come. */
interface OpenErrand {
  readonly label: string;
  readonly url: string;
}

/**
 * A client that comes by itself: a browser, an agent, a program on the other side of a tunnel. `GET /` lists what is
 * open: JSON `{ open: [{ label, url }], done }`, or a page with links. Whoever fetches each URL once, paying when
 * asked, and looks again until `done`, has run the whole suite.
 */
export async function pullClient(port: number): Promise<ClientUnderTest> {
  const open = new Set<OpenErrand>();
  const visited = new Set<OpenErrand>();
  let done = false;
  const app = Fastify({ forceCloseConnections: true });
  app.get("/", async ({ headers }, reply) => {
    const waiting = [...open].filter((errand) => !visited.has(errand));
    if (headers.accept?.includes("text/html")) return reply.type("text/html").send(page(waiting, done));
    return { open: waiting, done };
  });
  await app.listen({ host: "127.0.0.1", port });
  return {
    takesRequests: false,
    usesGivenPayer: false,
    run: async ({ label, url, requestsSoFar }: Errand, signal): Promise<Outcome> => {
      const errand = { label, url };
      open.add(errand);
      await untilSilent(requestsSoFar, () => visited.add(errand), signal);
      open.delete(errand);
      return { kind: "unseen", summary: signal.aborted ? "nobody was done in time" : "somebody came" };
    },
    close: async () => {
      done = true;
      // Whoever waits for the end may ask once more.
      await delay(interval);
      await app.close();
    },
  };
}

async function untilSilent(
  requestsSoFar: () => number,
  onFirst: () => void,
  signal: AbortSignal,
): Promise<void> {
  let seen = 0;
  let since = Date.now();
  while (!signal.aborted) {
    const now = requestsSoFar();
    if (now > 0 && seen === 0) onFirst();
    if (now > seen) since = Date.now();
    seen = now;
    if (seen > 0 && Date.now() - since > silence) return;
    await delay(interval, undefined, { signal }).catch(() => undefined);
  }
}

function page(waiting: readonly OpenErrand[], done: boolean): string {
  const links = waiting.map(({ label, url }) => `<li><a href="${url}">${label}</a></li>`).join("");
  const refresh = done ? "" : '<meta http-equiv="refresh" content="3">';
  const rest = done ? "<p>The run is over.</p>" : `<ul>${links}</ul>`;
  return `<!doctype html><meta charset="utf-8"><title>x402-assay</title>${refresh}<h1>Pay each of these once</h1>${rest}`;
}
