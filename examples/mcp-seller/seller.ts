/* An MCP server that sells a tool by x402 v2. PORT and the sandbox's addresses come from the environment. */
import { createServer } from "node:http";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { type Payment, paid } from "./paid.ts";

const { PORT = "3000" } = process.env;

/** The paid work. */
function weatherIn(city: string): CallToolResult {
  return {
    content: [{ type: "text", text: JSON.stringify({ city, sky: "cloudy", temperatureCelsius: 12 }) }],
  };
}

function report(): CallToolResult {
  return { content: [{ type: "text", text: "Umbrellas sell best on the day before the rain." }] };
}

/** Prices are in atomic units: a million are one USDC. */
function shop(): McpServer {
  const server = new McpServer({ name: "weather", version: "1.0.0" });
  server.registerTool(
    "weather",
    { description: "The weather in a city, for a tenth of a cent", inputSchema: { city: z.string().min(1) } },
    ({ city }, { _meta }) => paid("weather", 1_000, { city }, paymentIn(_meta), () => weatherIn(city)),
  );
  server.registerTool("report", { description: "A report, for five cents" }, ({ _meta }) =>
    paid("report", 50_000, {}, paymentIn(_meta), report),
  );
  server.registerTool("hello", { description: "Costs nothing" }, () => ({
    content: [{ type: "text", text: "Hello." }],
  }));
  return server;
}

function paymentIn(meta: Record<string, unknown> | undefined): Payment | undefined {
  return meta?.["x402/payment"];
}

createServer(async (request, response) => {
  if (request.method !== "POST" || request.url !== "/mcp") return response.writeHead(405).end();
  // Without sessions: the SDK wants a server and a transport for each request.
  const server = shop();
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
  response.once("close", () => void server.close());
  await server.connect(transport);
  return transport.handleRequest(request, response);
}).listen(Number(PORT), "127.0.0.1", () => console.log(`selling tools at http://127.0.0.1:${PORT}/mcp`));
