import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { CallToolRequestSchema, ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import Fastify from "fastify";
import { z } from "zod";
import type { ApiRequest } from "../../../engine/seller/index.ts";
import { type JsonObject, parseJson } from "../../../oracles/wire/index.ts";
import { tool } from "../../../report/index.ts";

/** A tool result, as the door would give it. */
export type ToolResult = JsonObject;

/** In what a door differs from one that is right: what it sends in place of an honest result. */
export type Reword = (honest: ToolResult) => ToolResult;

/** An MCP server in front of a seller that speaks HTTP. */
export interface McpDoor {
  /** Where it takes Streamable HTTP. */
  readonly url: string;
  stop(): Promise<void>;
}

const objectSchema = z.record(z.string(), z.json());

/**
 * Sells over MCP what a seller sells over HTTP.
 *
 * @param requestOf the request that a tool stands for
 */
export async function startMcpDoor(
  sellerOrigin: string,
  requestOf: (tool: string, args: JsonObject) => ApiRequest,
  reword: Reword = (honest) => honest,
): Promise<McpDoor> {
  const app = Fastify({ forceCloseConnections: true });
  app.post("/mcp", async (request, reply) => {
    reply.hijack();
    const server = new Server(tool, { capabilities: { tools: {} } });
    server.setRequestHandler(CallToolRequestSchema, async ({ params: { name, arguments: args, _meta } }) => {
      const asked = requestOf(name, objectSchema.parse(args ?? {}));
      const payment = _meta?.["x402/payment"];
      const ask = (headers: Record<string, string>) =>
        fetch(`${sellerOrigin}${asked.target}`, { method: asked.method, headers });
      const response = await ask(payment === undefined ? {} : { "payment-signature": toHeader(payment) });
      return reword(await toResult(response, () => ask({})));
    });
    // Without sessions: each call has a server of its own, as the SDK wants it.
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
    await server.connect(transport);
    await transport.handleRequest(request.raw, reply.raw, request.body);
  });
  app.get("/mcp", (_request, reply) => reply.code(405).send({ error: "POST only" }));
  const origin = await app.listen({ host: "127.0.0.1", port: 0 });
  return { url: `${origin}/mcp`, stop: () => app.close() };
}

/** @param askAgain where an HTTP answer has no challenge, as after a settlement that failed, and a tool result has one */
async function toResult(response: Response, askAgain: () => Promise<Response>): Promise<ToolResult> {
  const body = await response.text();
  const receipt = fromHeader(response.headers.get("payment-response"));
  const content = [{ type: "text", text: body }];
  const meta = receipt === undefined ? {} : { _meta: { "x402/payment-response": receipt } };
  if (response.ok) return { content, ...meta };
  if (response.status === 400) throw new McpError(ErrorCode.InvalidParams, body);
  if (response.status !== 402) return { isError: true, content };
  const challenge = challengeOf(response) ?? challengeOf(await askAgain());
  return {
    isError: true,
    structuredContent: challenge ?? {},
    content: [{ type: "text", text: JSON.stringify(challenge ?? {}) }],
    ...meta,
  };
}

function challengeOf({ headers }: Response): JsonObject | undefined {
  return fromHeader(headers.get("payment-required"));
}

function toHeader(message: unknown): string {
  return Buffer.from(JSON.stringify(message)).toString("base64");
}

function fromHeader(header: string | null): JsonObject | undefined {
  if (header === null) return undefined;
  return objectSchema.parse(parseJson(Buffer.from(header, "base64").toString()));
}
