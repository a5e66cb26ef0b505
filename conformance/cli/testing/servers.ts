import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTcpServer, type Server } from "node:net";

/* Every server here ends with the process of the tests. */

/** An HTTP server; gives its origin. */
export async function httpServer(answer: RequestListener): Promise<string> {
  return listen(createServer({ keepAlive: false }, answer));
}

/** A TCP server that says `greeting` to whoever connects; gives its origin. */
export async function tcpServer(greeting: string): Promise<string> {
  return listen(createTcpServer((socket) => socket.on("error", () => undefined).end(greeting)));
}

/** A server that never says a word; `asked` resolves when somebody connects. */
export async function silentServer(): Promise<{ origin: string; asked: Promise<unknown> }> {
  const server = createTcpServer((socket) => socket.on("error", () => undefined).resume());
  const asked = once(server, "connection");
  return { origin: await listen(server), asked };
}

/** An origin that nobody listens on. */
export async function nobody(): Promise<string> {
  const server = createTcpServer();
  const origin = await listen(server);
  server.close();
  await once(server, "close");
  return origin;
}

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  server.unref();
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}

/** A seller that answers every request with a challenge in which something is different; gives its origin. */
export function challengingServer(change: Readonly<Record<string, unknown>>): Promise<string> {
  const entry = {
    scheme: "exact",
    network: "eip155:84532",
    amount: "1000",
    asset: "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
    payTo: `0x${"22".repeat(20)}`,
    maxTimeoutSeconds: 60,
    extra: { name: "USDC", version: "2" },
    ...change,
  };
  const challenge = { x402Version: 2, resource: { url: "http://127.0.0.1/weather" }, accepts: [entry] };
  const header = Buffer.from(JSON.stringify(challenge)).toString("base64");
  return httpServer((_request, response) =>
    response.writeHead(402, { "payment-required": header }).end("{}"),
  );
}

/** A facilitator that speaks x402 v1 alone, in front of one that speaks more; gives its origin. */
export function v1FacilitatorBefore(facilitatorUrl: string): Promise<string> {
  const kinds = [{ x402Version: 1, scheme: "exact", network: "base-sepolia" }];
  return httpServer(async (request, response) => {
    if (request.url === "/supported") return response.end(JSON.stringify({ kinds }));
    const body = Buffer.concat(await request.toArray());
    if (!body.includes('"x402Version":1')) return response.writeHead(400).end("{}");
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${facilitatorUrl}${request.url}`, { method: "POST", headers, body });
    return response.writeHead(answer.status, headers).end(await answer.text());
  });
}

/** A server that waits to be told a process id as `GET /<pid>`. */
export async function observer(): Promise<{ origin: string; told: Promise<number> }> {
  const { promise: told, resolve } = Promise.withResolvers<number>();
  const origin = await httpServer(({ url = "" }, response) => {
    resolve(Number(url.slice(1)));
    response.end();
  });
  return { origin, told };
}
