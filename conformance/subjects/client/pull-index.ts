import { setTimeout as delay } from "node:timers/promises";
import Fastify from "fastify";

/** How long the index still says that it is over, in milliseconds. */
const farewell = 500;

/** An errand that waits for somebody to come. */
export interface OpenErrand {
  readonly label: string;
  readonly url: string;
}

/** The list of what is to be fetched, for clients that come by themselves. */
export interface PullIndex {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts the index in the main thread, so that it is there before anybody is told of it: `GET /` lists what is open,
 * as JSON `{ open: [{ label, url }], done }`, or as a page with links where the client asks for HTML. The cases `PUT`
 * and `DELETE` the errands.
 */
export async function startPullIndex(): Promise<PullIndex> {
  const open = new Map<string, OpenErrand>();
  let done = false;
  const app = Fastify({ forceCloseConnections: true });
  app.get("/", async ({ headers }, reply) => {
    const waiting = [...open.values()];
    if (headers.accept?.includes("text/html")) return reply.type("text/html").send(page(waiting, done));
    return { open: waiting, done };
  });
  app.put<{ Body: OpenErrand }>("/errands", async ({ body: errand }, reply) => {
    open.set(errand.url, errand);
    return reply.status(204).send();
  });
  app.delete<{ Body: OpenErrand }>("/errands", async ({ body: { url } }, reply) => {
    open.delete(url);
    return reply.status(204).send();
  });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  return {
    url,
    async stop() {
      done = true;
      // Whoever waits for the end may ask once more.
      await delay(farewell);
      await app.close();
    },
  };
}

function page(waiting: readonly OpenErrand[], done: boolean): string {
  const links = waiting.map(({ label, url }) => `<li><a href="${url}">${label}</a></li>`).join("");
  const refresh = done ? "" : '<meta http-equiv="refresh" content="3">';
  const rest = done ? "<p>The run is over.</p>" : `<ul>${links}</ul>`;
  return `<!doctype html><meta charset="utf-8"><title>x402-assay</title>${refresh}<h1>Pay each of these once</h1>${rest}`;
}
