import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";

/** Lets an Express app listen on a free port of 127.0.0.1 until SIGTERM, and gives its URL. */
export async function listen(app: RequestListener): Promise<string> {
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  process.once("SIGTERM", () => server.close().closeAllConnections());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The system gave no port.");
  return `http://127.0.0.1:${address.port}`;
}
