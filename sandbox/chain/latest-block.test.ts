import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Chain, startChain } from "./chain.ts";
import { developerOf, readerOf } from "./connection.ts";
import { latestBlock } from "./latest-block.ts";

let chain: Chain;
beforeAll(async () => {
  chain = await startChain();
});
afterAll(() => chain.stop());

test("the latest block is no older than what its caller has seen, though an earlier question is still open", async () => {
  const node = await startLateNode(chain.rpcUrl);
  const reader = readerOf(node.url);
  const asked = latestBlock(reader);
  await node.hasAnswer;
  await developerOf(chain.rpcUrl).mine({ blocks: 3 });
  const seen = await latestBlock(readerOf(chain.rpcUrl));
  expect(await latestBlock(reader)).toBe(seen);
  node.answer();
  expect(await asked).toBe(seen - 3n);
  node.stop();
});

/** A node whose first answer is made at once and sent only when told. */
async function startLateNode(rpcUrl: string) {
  const made = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  let isFirst = true;
  const server = createServer(async (request, response) => {
    const isLate = isFirst;
    isFirst = false;
    const headers = { "content-type": "application/json" };
    const reply = await fetch(rpcUrl, { method: "POST", headers, body: await text(request) });
    const body = await reply.text();
    made.resolve();
    if (isLate) await released.promise;
    response.writeHead(200, headers).end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    hasAnswer: made.promise,
    answer: () => released.resolve(),
    stop: () => server.close(),
  };
}
