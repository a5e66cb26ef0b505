import { once } from "node:events";
import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { startAnvil } from "./anvil.ts";
import { requireDevelopmentNode } from "./development-node.ts";

test("Anvil is a development node", async () => {
  const anvil = await startAnvil();
  onTestFinished(anvil.stop);
  await expect(requireDevelopmentNode(anvil.rpcUrl)).resolves.toBeUndefined();
});

test.each([
  ["HardhatNetwork/3.0.0/edr", true],
  ["anvil/v1.7.1", true],
  ["Geth/v1.14.0-stable/linux-amd64/go1.22", false],
  ["reth/v1.1.0", false],
  ["not-anvil/v1", false],
  ["", false],
  [42, false],
  [null, false],
])("a node that says %j: %s", async (result, isDevelopment) => {
  const rpcUrl = await scriptedNode({ jsonrpc: "2.0", id: 0, result });
  const judged = requireDevelopmentNode(rpcUrl);
  if (isDevelopment) await expect(judged).resolves.toBeUndefined();
  else
    await expect(judged).rejects.toMatchObject({
      code: "not-a-development-chain",
      message: expect.stringContaining(rpcUrl),
    });
});

test("a node that does not say what it is, is refused", async () => {
  const error = { code: -32601, message: "the method web3_clientVersion does not exist" };
  const rpcUrl = await scriptedNode({ jsonrpc: "2.0", id: 0, error });
  await expect(requireDevelopmentNode(rpcUrl)).rejects.toMatchObject({ code: "not-a-development-chain" });
});

/** A node that gives one answer to everything. */
async function scriptedNode(answer: unknown): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}
