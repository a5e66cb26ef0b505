import Fastify from "fastify";
import type { ClientUnderTest, Errand, Outcome } from "../../engine/client/index.ts";
import { clientEnvironment } from "./environment.ts";
import { runToEnd } from "./run-to-end.ts";

/** Starts the user's program, one process per errand, where its processes are ended when the run is. */
export interface Launcher {
  readonly url: string;
  stop(): Promise<void>;
}

/** What crosses the wire of an errand: all but what lives. */
type ErrandMessage = Omit<Errand, "traffic" | "caller">;

/** Starts the launcher in the main thread: the cases run in another one, which may be gone before its children. */
export async function startLauncher(command: string): Promise<Launcher> {
  const app = Fastify({ forceCloseConnections: true });
  const running = new Set<AbortController>();
  app.post<{ Body: ErrandMessage }>("/", async ({ body: errand }, reply): Promise<{ outcome: Outcome }> => {
    const over = new AbortController();
    running.add(over);
    reply.raw.once("close", () => over.abort());
    try {
      const told = command.replaceAll("{url}", shellQuoted(errand.url));
      return { outcome: await runToEnd(told, clientEnvironment(errand), over.signal) };
    } finally {
      running.delete(over);
    }
  });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  return {
    url,
    async stop() {
      for (const over of running) over.abort();
      await app.close();
    },
  };
}

/** The program behind a launcher, seen from the thread of the cases. */
export function launchedClient(launcherUrl: string): ClientUnderTest {
  return {
    takesRequests: false,
    takesEnvironment: true,
    usesGivenPayer: true,
    run: async ({ traffic: _, caller: __, ...errand }, signal) => {
      try {
        const response = await fetch(launcherUrl, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(errand),
          signal,
        });
        // Both ends are ours, so the answer is taken as typed.
        const answer: { readonly outcome: Outcome } = JSON.parse(await response.text());
        return answer.outcome;
      } catch (error) {
        if (!signal.aborted) throw error;
        return { kind: "cut-off", summary: "the program did not end in time", said: "" };
      }
    },
    close: async () => {},
  };
}

/** A URL as one word of the shell, whatever stands in it. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
