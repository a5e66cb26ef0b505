import { z } from "zod";
import { Problem } from "#sandbox";
import type { JsonObject } from "../../oracles/wire/index.ts";
import { tool } from "../../report/index.ts";

/** Calls the tools of one MCP server. */
export interface ToolCaller {
  /**
   * @param meta the `_meta` of the call
   * @throws ToolRefused when the server answers with a JSON-RPC error; Error when it gives no answer
   */
  call(
    name: string,
    args: JsonObject,
    meta: JsonObject | undefined,
    signal: AbortSignal,
  ): Promise<JsonObject>;
  close(): Promise<void>;
}

/** The server answered a call with a JSON-RPC error. */
export class ToolRefused extends Error {
  override readonly name = "ToolRefused";
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Longest that a tool may take, in milliseconds: the suite gives up earlier, and says so. */
const patienceMs = 600_000;

/** A result is looked at as it came: what the library leaves out or mends would be held for the server's own. */
const anyResult = z.record(z.string(), z.json());

/**
 * Connects to an MCP server over Streamable HTTP.
 *
 * @param headers of every request
 * @throws Problem `config` when the MCP SDK is not installed; `subject-not-ready` when nobody speaks MCP there
 */
export async function connectToolCaller(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<ToolCaller> {
  const { Client, StreamableHTTPClientTransport, McpError } = await loadSdk();
  const client = new Client(tool, { capabilities: {} });
  try {
    // On a connection that is kept open, an answer that is lost could not be told from a server that hangs up.
    const requestInit = { headers: { ...headers, connection: "close" } };
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Problem(
      "subject-not-ready",
      `Nobody speaks MCP at ${url}: ${why}`,
      "Check that --url is where the server takes Streamable HTTP, e.g. http://127.0.0.1:3000/mcp.",
      { cause },
    );
  }
  return {
    async call(name, args, meta, signal) {
      const params = { name, arguments: args, ...(meta === undefined ? {} : { _meta: meta }) };
      try {
        return await client.request({ method: "tools/call", params }, anyResult, {
          signal,
          timeout: patienceMs,
        });
      } catch (error) {
        if (error instanceof McpError) throw new ToolRefused(error.code, error.message);
        throw error;
      }
    },
    close: () => client.close(),
  };
}

/** A peer that only runs against MCP servers need. */
async function loadSdk() {
  try {
    const [{ Client }, { StreamableHTTPClientTransport }, { McpError }] = await Promise.all([
      import("@modelcontextprotocol/sdk/client/index.js"),
      import("@modelcontextprotocol/sdk/client/streamableHttp.js"),
      import("@modelcontextprotocol/sdk/types.js"),
    ]);
    return { Client, StreamableHTTPClientTransport, McpError };
  } catch (cause) {
    throw new Problem(
      "config",
      "The MCP SDK, by which tools are called, cannot be loaded.",
      "Install it beside x402-assay: npm i -D @modelcontextprotocol/sdk",
      { cause },
    );
  }
}
