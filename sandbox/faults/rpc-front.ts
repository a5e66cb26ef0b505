import Fastify from "fastify";
import { Pool } from "undici";
import { keccak256 } from "viem";
import { z } from "zod";
import { type ListenAt, listen } from "../listen.ts";
import type { BitingRpcFault, FaultBoard } from "./board.ts";
import type { FaultedChain } from "./faulted-chain.ts";
import {
  mentions,
  type RpcCall,
  type RpcOutcome,
  type RpcReply,
  rawTransactionIn,
  rpcCallSchema,
  rpcReplySchema,
} from "./rpc-call.ts";

/** Largest request and answer, in bytes; a batch may carry many transactions. */
const bodyLimit = 16 * 1024 * 1024;

/** Newest transactions of which is remembered whom they are about. */
const rememberedTransactions = 10_000;

const batchSchema = z.union([rpcCallSchema.transform((call) => [call]), z.array(rpcCallSchema)]);

/** An RPC endpoint of the chain on which faults bite. */
export interface RpcFront {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts an HTTP JSON-RPC endpoint that passes everything on to the chain's node, single calls and batches, and lets
 * the faults of the board bite. Without one on the chain, bytes go through as they are.
 */
export async function startRpcFront(
  board: FaultBoard,
  chain: FaultedChain,
  at: Omit<ListenAt, "flag"> = {},
): Promise<RpcFront> {
  const { origin, pathname } = new URL(chain.rpcUrl);
  const node = new Pool(origin);
  const sent = new Map<string, RpcCall>();
  const server = Fastify({ bodyLimit, forceCloseConnections: true });

  async function ask(body: string): Promise<string> {
    const headers = { "content-type": "application/json" };
    const answer = await node.request({ method: "POST", path: pathname, headers, body });
    return answer.body.text();
  }

  const forward = async (call: RpcCall): Promise<RpcReply> =>
    rpcReplySchema.parse(JSON.parse(await ask(JSON.stringify(call))));

  async function forwardAll(calls: readonly RpcCall[]): Promise<readonly unknown[]> {
    if (calls.length === 0) return [];
    return z.array(z.unknown()).parse(JSON.parse(await ask(JSON.stringify(calls))));
  }

  /** A call about a transaction is about whomever the transaction is about. */
  function biting(call: RpcCall): BitingRpcFault | undefined {
    const raw = rawTransactionIn(call);
    if (raw !== undefined) remember(sent, keccak256(raw), call);
    const transaction = sent.get(String(call.params?.[0]));
    return board.takeRpc(
      call,
      (payer) => mentions(call, payer) || (transaction !== undefined && mentions(transaction, payer)),
    );
  }

  async function actOn(call: RpcCall, { act, bite, spare }: BitingRpcFault): Promise<RpcOutcome> {
    const outcome = await act(call, { ...bite, chain, forward: () => forward(call) });
    if (outcome.kind === "spared") spare();
    return outcome;
  }

  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  server.post("/", async (request, reply) => {
    const body = String(request.body);
    void reply.type("application/json");
    const calls = board.isOnChain ? readCalls(body) : undefined;
    const bites = calls?.map((call) => ({ call, fault: biting(call) }));
    if (bites === undefined || bites.every(({ fault }) => fault === undefined))
      return reply.send(await ask(body));

    const [untouched, outcomes] = await Promise.all([
      forwardAll(bites.filter(({ fault }) => fault === undefined).map(({ call }) => call)),
      Promise.all(
        bites.map(async ({ call, fault }) =>
          fault === undefined ? [] : [{ call, outcome: await actOn(call, fault) }],
        ),
      ),
    ]);
    const replies: unknown[] = [];
    for (const { call, outcome } of outcomes.flat()) {
      if (outcome.kind === "status") return reply.code(outcome.status).send({ error: "Too Many Requests" });
      if (outcome.kind === "hang-up") {
        reply.hijack();
        return request.raw.socket.destroy();
      }
      replies.push({ ...outcome.reply, jsonrpc: "2.0", id: call.id });
    }
    const all = [...untouched, ...replies];
    return reply.send(JSON.stringify(body.trimStart().startsWith("[") ? all : all[0]));
  });

  const url = await listen(server, { ...at, flag: "--faulty-rpc-port" });
  return {
    url,
    async stop() {
      await server.close();
      await node.destroy();
    },
  };
}

/** The calls in a request; `undefined` for what is none, and is the node's to answer. */
function readCalls(body: string): RpcCall[] | undefined {
  try {
    return batchSchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

function remember(sent: Map<string, RpcCall>, hash: string, call: RpcCall): void {
  sent.set(hash, call);
  const [oldest] = sent.keys();
  if (sent.size > rememberedTransactions && oldest !== undefined) sent.delete(oldest);
}
