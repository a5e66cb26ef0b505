import Fastify, { type FastifyReply, type FastifyRequest } from "fastify";
import { readToolResult } from "../../oracles/mcp.ts";
import { isJsonObject, type Json, type JsonObject, parseJson } from "../../oracles/wire/index.ts";
import { type ToolCaller, ToolRefused } from "./tool-caller.ts";

/** The MCP error for arguments that a tool does not take (JSON-RPC 2.0 §5.1). */
const invalidParams = -32_602;

/** HTTP in front of an MCP server. */
export interface McpBridge {
  /** `POST` to `/TOOL` calls a tool; the body is its arguments, as JSON. */
  readonly origin: string;
  stop(): Promise<void>;
}

/**
 * Puts HTTP in front of an MCP server, so that the suite can buy of it: `PAYMENT-SIGNATURE` becomes
 * `_meta["x402/payment"]`; the challenge of a tool result comes back as `PAYMENT-REQUIRED` with 402, and
 * `_meta["x402/payment-response"]` as `PAYMENT-RESPONSE`. The body of an answer is the tool result, without its `_meta`.
 */
export async function startMcpBridge(caller: ToolCaller): Promise<McpBridge> {
  const app = Fastify({ forceCloseConnections: true, bodyLimit: 16 * 1024 * 1024 });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  app.post<{ Params: { tool: string } }>("/:tool", async (request, reply) => {
    const args = parseJson(String(request.body ?? "") || "{}");
    if (!isJsonObject(args)) return reply.code(400).send({ error: "arguments of a tool are a JSON object" });
    try {
      const result = await untilHungUp(request, (hungUp) =>
        caller.call(request.params.tool, args, metaOf(request), hungUp),
      );
      return answer(reply, result);
    } catch (error) {
      if (error instanceof ToolRefused)
        return reply.code(error.code === invalidParams ? 400 : 500).send({ error: error.message });
      request.raw.socket.destroy(error instanceof Error ? error : undefined);
      return reply.hijack();
    }
  });
  const origin = await app.listen({ host: "127.0.0.1", port: 0 });
  return {
    origin,
    stop: async () => {
      await app.close();
      await caller.close();
    },
  };
}

function metaOf({ headers }: FastifyRequest): JsonObject | undefined {
  const header = headers["payment-signature"];
  if (typeof header !== "string") return undefined;
  const payment = parseJson(Buffer.from(header, "base64").toString());
  return payment === undefined ? undefined : { "x402/payment": payment };
}

/** Whoever hangs up does not want the result any more. A call that has ended is cancelled no more: the SDK would tell. */
async function untilHungUp<T>(
  { raw }: FastifyRequest,
  call: (hungUp: AbortSignal) => Promise<T>,
): Promise<T> {
  const hangUp = new AbortController();
  const end = () => hangUp.abort();
  raw.socket.once("close", end);
  try {
    return await call(hangUp.signal);
  } finally {
    raw.socket.off("close", end);
  }
}

const statuses = { served: 200, unpaid: 402, invalid: 400, failed: 500 } as const;

function answer(reply: FastifyReply, result: JsonObject): FastifyReply {
  const outcome = readToolResult(result);
  const headers = {
    ...("receipt" in outcome && outcome.receipt !== undefined
      ? { "payment-response": toHeader(outcome.receipt) }
      : {}),
    ...("challenge" in outcome && outcome.challenge !== undefined
      ? { "payment-required": toHeader(outcome.challenge) }
      : {}),
  };
  const { _meta, ...shown } = result;
  return reply.code(statuses[outcome.kind]).headers(headers).send(shown);
}

function toHeader(message: Json): string {
  return Buffer.from(JSON.stringify(message)).toString("base64");
}
