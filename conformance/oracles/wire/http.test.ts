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

test("of a stream that goes on the beginning is the answer", async () => {
  const request = await requestTo((_, response) => {
    response.setHeader("content-type", "text/event-stream").write("data: 1\n\n");
  });
  const beginning = { kind: "answer", status: 200, body: "data: 1\n\n", goesOn: true };
  expect(await sendOverWire(request, { timeoutMs, streamPatienceMs: 1 })).toMatchObject(beginning);
});

test("a stream that has sent nothing when time runs out has begun all the same", async () => {
  const request = await requestTo((_, response) =>
    response.setHeader("content-type", "text/event-stream").flushHeaders(),
  );
  const nothing = { kind: "answer", status: 200, body: "", goesOn: true };
  expect(await sendOverWire(request, { timeoutMs: 200 })).toMatchObject(nothing);
});

test("any other body that does not end is no answer, and what came of it is told", async () => {
  const request = await requestTo((_, response) => {
    response.setHeader("content-type", "application/json").write("[1,");
  });
  const why = expect.stringContaining("began with status 200 and did not end within 200 ms");
  expect(await sendOverWire(request, { timeoutMs: 200 })).toEqual({
    kind: "no-answer",
    timedOut: true,
    why,
  });
});

test("a stream that ends is read to its end, and one that breaks off is none", async () => {
  const ending = await requestTo((_, response) =>
    response.setHeader("content-type", "text/event-stream").end("data: 1\n\n"),
  );
  expect(await sendOverWire(ending, { timeoutMs })).not.toHaveProperty("goesOn");
  const breaking = await requestTo((_, response) => {
    response.setHeader("content-type", "text/event-stream").write("data: 1\n\n");
    setImmediate(() => response.destroy());
  });
  expect(await sendOverWire(breaking, { timeoutMs })).toMatchObject({ kind: "no-answer", timedOut: false });
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

test("hangs up when it is told to, and says so", async () => {
  const hangUp = new AbortController();
  const closed = Promise.withResolvers<void>();
  const request = await requestTo(({ socket }) => {
    socket.once("close", () => closed.resolve());
    hangUp.abort();
  });
  const answer = await sendOverWire(request, { timeoutMs, hangUp: hangUp.signal });
  expect(answer).toEqual({ kind: "no-answer", why: "the suite hung up", timedOut: false });
  await closed.promise;
});
