import { Agent, request } from "node:http";
import { type CustomTransport, custom, HttpRequestError, RpcRequestError, TimeoutError } from "viem";
import { z } from "zod";

/** How long a node may take to answer, in milliseconds. */
const answerTimeoutMs = 10_000;

/** Kept-alive sockets to one node; more requests wait and travel together. */
const maxSockets = 4;

interface RpcCall {
  readonly method: string;
  readonly params?: unknown;
}

interface WaitingCall {
  readonly call: RpcCall;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

const answerSchema = z.object({
  id: z.number(),
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() }).optional(),
});
const answersSchema = z.array(answerSchema);

/** A transport with kept-alive connections. They keep no process running, and end with the node's at the latest. */
export interface RpcTransport {
  readonly transport: CustomTransport;
  /** Closes the connections, those in use included. */
  close(): void;
}

/**
 * A viem transport that sends all calls made in one turn of the event loop as one JSON-RPC batch. viem's own
 * batching waits for a timer and its HTTP client costs three times the processor time; both are felt where every
 * payment needs several reads.
 *
 * @param rpcUrl where the next batch goes
 */
export function batchingTransport(rpcUrl: () => string): RpcTransport {
  const agent = new Agent({ keepAlive: true, maxSockets });
  let waiting: WaitingCall[] = [];

  const flush = () => {
    const batch = waiting;
    waiting = [];
    const calls = batch.map(({ call }, id) => ({ jsonrpc: "2.0", id, ...call }));
    const url = rpcUrl();
    // Not every node takes batches, so that one call goes alone.
    post(agent, url, JSON.stringify(calls.length === 1 ? calls[0] : calls)).then(
      (text) => deliver(batch, text, url),
      (error: unknown) => failAll(batch, error),
    );
  };

  const send = (call: RpcCall) =>
    new Promise<unknown>((resolve, reject) => {
      waiting.push({ call, resolve, reject });
      if (waiting.length === 1) setImmediate(flush);
    });

  return { transport: custom({ request: send }, { retryCount: 0 }), close: () => agent.destroy() };
}

function post(agent: Agent, rpcUrl: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const outgoing = request(
      rpcUrl,
      { agent, method: "POST", headers, timeout: answerTimeoutMs },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (chunk: string) => {
          text += chunk;
        });
        answer.on("end", () => resolve(text));
        answer.on("error", (cause) => reject(new HttpRequestError({ url: rpcUrl, cause })));
      },
    );
    outgoing.on("timeout", () => outgoing.destroy(new TimeoutError({ body: {}, url: rpcUrl })));
    outgoing.on("error", (cause) => reject(new HttpRequestError({ url: rpcUrl, cause })));
    outgoing.end(body);
  });
}

function deliver(batch: readonly WaitingCall[], text: string, url: string): void {
  const answers = parseAnswers(text);
  if (answers === undefined) {
    failAll(batch, new HttpRequestError({ url, details: "The answer is not JSON-RPC." }));
    return;
  }
  const byId = new Map(answers.map((answer) => [answer.id, answer]));
  batch.forEach(({ call, resolve, reject }, id) => {
    const answer = byId.get(id);
    if (answer === undefined)
      reject(new HttpRequestError({ url, details: "The batch has no answer to this call." }));
    else if (answer.error) reject(new RpcRequestError({ body: { ...call }, url, error: answer.error }));
    else resolve(answer.result);
  });
}

function parseAnswers(text: string) {
  try {
    return answersSchema.safeParse([JSON.parse(text)].flat()).data;
  } catch {
    return undefined;
  }
}

function failAll(batch: readonly WaitingCall[], error: unknown): void {
  for (const { reject } of batch) reject(error);
}
