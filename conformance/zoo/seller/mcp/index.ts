/** The door of the reference over MCP. */
export type { Reword, ToolResult } from "./door.ts";
export { casesOverMcp, startReferenceOverMcp } from "./reference.ts";
