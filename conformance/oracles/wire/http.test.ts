import { once } from "node:events";
import * as http from "node:http";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { keepConnection, sendOverWire, type WireRequest } from "./index.ts";

const timeoutMs = 10_000;
const servers: http.Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function requestTo(listener: http.RequestListener): Promise<WireRequest> {
  const server = http.createServer(listener).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return { method: "GET", origin: `http://127.0.0.1:${address.port}`, target: "/", headers: {} };
}

test.each([
  { encoding: "gzip", compress: gzipSync },
  { encoding: "br", compress: brotliCompressSync },
])("reads a body in $encoding that nobody asked to be compressed", async ({ encoding, compress }) => {
  const request = await requestTo((_, response) =>
    response.setHeader("content-encoding", encoding).end(compress("the goods")),
  );
  expect(await sendOverWire(request, { timeoutMs })).toMatchObject({ kind: "answer", body: "the goods" });
});

test("gives a body as it came that is not what it is said to be", async () => {
  const request = await requestTo((_, response) =>
    response.setHeader("content-encoding", "gzip").end("plain"),
  );
  expect(await sendOverWire(request, { timeoutMs })).toMatchObject({ body: "plain" });
});

test("asks for no compression unless the request does", async () => {
  const request = await requestTo(({ headers }, response) => response.end(headers["accept-encoding"]));
  expect(await sendOverWire(request, { timeoutMs })).toMatchObject({ body: "identity" });
  const headers = { "accept-encoding": "gzip" };
  expect(await sendOverWire({ ...request, headers }, { timeoutMs })).toMatchObject({ body: "gzip" });
});

test("an endless body is an answer, cut where it says nothing new", async () => {
  const request = await requestTo((_, response) => {
    const piece = Buffer.alloc(1024 * 1024, "x");
    const write = () => void (response.destroyed || response.write(piece, () => setImmediate(write)));
    write();
  });
  const answer = await sendOverWire(request, { timeoutMs });
  expect(answer).toMatchObject({ kind: "answer", status: 200 });
});

test("goes over a connection of its own, or over one that is kept", async () => {
  const ports: (number | undefined)[] = [];
  const request = await requestTo(({ socket }, response) => {
    ports.push(socket.remotePort);
    response.end();
  });
  await sendOverWire(request, { timeoutMs });
  await sendOverWire(request, { timeoutMs });
  expect(new Set(ports).size).toBe(2);
  const connection = keepConnection(request.origin);
  await sendOverWire(request, { timeoutMs, connection });
  await sendOverWire(request, { timeoutMs, connection });
  connection.destroy();
  expect(new Set(ports).size).toBe(3);
});
