import { once } from "node:events";
import { createServer, type RequestListener, Server } from "node:http";

/**
 * What a user's `start` gives back: a request listener (an Express app is one), an HTTP server, the URL of a server
 * that listens already, or that URL and how to end it.
 */
export type Startable =
  | RequestListener
  | Server
  | string
  | URL
  | { readonly url: string | URL; readonly stop?: () => unknown };

/** A server of the user's that listens. */
export interface Served {
  readonly url: URL;
  stop(): Promise<void>;
}

/** Lets what `start` gave back listen on `port` of 127.0.0.1, unless it listens already. */
export async function serve(startable: Startable, port: number): Promise<Served> {
  if (typeof startable === "string" || startable instanceof URL) return serve({ url: startable }, port);
  if (typeof startable === "function") return listen(createServer(startable), port);
  if (startable instanceof Server) return listen(startable, port);
  const { url, stop } = startable;
  return {
    url: new URL(url),
    stop: async () => {
      await stop?.();
    },
  };
}

async function listen(server: Server, port: number): Promise<Served> {
  if (!server.listening) {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  }
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new TypeError("The server does not listen on a port: let it listen on one of 127.0.0.1.");
  }
  return {
    url: new URL(`http://127.0.0.1:${address.port}`),
    async stop() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
