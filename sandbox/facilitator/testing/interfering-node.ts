import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { text } from "node:stream/consumers";
import type { Address } from "viem";
import { z } from "zod";

/** What happens to a transaction on its way to the node. */
export type Interference = "pass" | "refuse" | "swallow" | "lose the answer";

const callSchema = z.looseObject({ id: z.number(), method: z.string() });
/** One call travels alone, several as a batch. */
const batchSchema = z.union([z.array(callSchema), callSchema.transform((call) => [call])]);

/** An RPC endpoint in front of a node that interferes with the next transactions, first come first served. */
export interface InterferingNode {
  readonly url: string;
  /** What happens to the next transactions; those beyond it pass. */
  interfere(...plan: Interference[]): void;
  /** Refuses every call that mentions an address, from now on. */
  refuseCallsAbout(address: Address): void;
  stop(): void;
}

export async function startInterferingNode(rpcUrl: string): Promise<InterferingNode> {
  let plan: Interference[] = [];
  let refused: string | undefined;

  const isRefused = (call: unknown) =>
    refused !== undefined && JSON.stringify(call).toLowerCase().includes(refused);

  const server = createServer(async (request, answer) => {
    const body: unknown = JSON.parse(await text(request));
    const batch = batchSchema.parse(body);
    const fates = new Map(
      batch
        .filter(({ method }) => method === "eth_sendRawTransaction")
        .map(({ id }) => [id, plan.shift() ?? "pass"]),
    );
    const isFate = (fate: Interference) => (call: { id: number }) => fates.get(call.id) === fate;
    if (batch.some(isFate("swallow"))) return hangUp(request);
    const passed = batch.filter((call) => !isFate("refuse")(call) && !isRefused(call));
    const replies = passed.length === 0 ? [] : await forward(rpcUrl, passed);
    if (batch.some(isFate("lose the answer"))) return hangUp(request);
    const all = [...replies, ...batch.filter((call) => !passed.includes(call)).map(refusal)];
    answer.setHeader("content-type", "application/json");
    answer.end(JSON.stringify(Array.isArray(body) ? all : all[0]));
  });

  return {
    url: await listen(server),
    interfere: (...next) => {
      plan = next;
    },
    refuseCallsAbout: (address) => {
      refused = address.slice(2).toLowerCase();
    },
    stop: () => {
      server.close();
    },
  };
}

function hangUp(request: IncomingMessage): void {
  request.socket.destroy();
}

function refusal({ id }: { id: number }) {
  return { jsonrpc: "2.0", id, error: { code: -32005, message: "rate limited" } };
}

async function forward(rpcUrl: string, batch: readonly unknown[]): Promise<readonly unknown[]> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(rpcUrl, { method: "POST", headers, body: JSON.stringify(batch) });
  return z.array(z.unknown()).parse(await answer.json());
}

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return `http://127.0.0.1:${address.port}`;
}
