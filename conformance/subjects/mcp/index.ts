/** The door of MCP subjects: how tools that are paid over MCP are reached. */
export { type McpBridge, startMcpBridge } from "./bridge.ts";
export { connectToolCaller, type ToolCaller } from "./tool-caller.ts";
