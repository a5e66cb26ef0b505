import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";

/** Serves on 127.0.0.1, 0 for a free port; prints the URL when it listens, and ends with SIGTERM or SIGINT. */
export async function listen(handle: RequestListener, port: number): Promise<void> {
  const server = createServer(handle).listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      server.close();
      server.closeAllConnections();
    });
  }
  console.log(`http://127.0.0.1:${address.port}`);
}
