import type { BazaarDeclaration, Parsed } from "../../protocol/index.ts";
import { addressOf } from "./address.ts";
import { infoComplaint } from "./info.ts";
import { type PageRequest, readPageRequest } from "./page-request.ts";

/** What a catalogue makes of declarations and of those who ask for it, each rule by itself. */
export interface CatalogueRules {
  /** What is wrong with `info` by its own schema, if anything. */
  readonly infoComplaint: (declaration: BazaarDeclaration) => Promise<string | undefined>;
  /** Where a resource is listed: at its route, or where it was bought. */
  readonly addressOf: (bought: URL, routeTemplate: unknown) => string;
  /** What makes a resource the only one of its kind. */
  readonly keyOf: (address: string, declaration: BazaarDeclaration) => string;
  /** Which part of the catalogue a query string asks for. */
  readonly readPageRequest: (query: unknown) => Parsed<PageRequest>;
}

/** The rules of the reference facilitator. */
export const catalogueRules: CatalogueRules = { infoComplaint, addressOf, keyOf, readPageRequest };

/** A route has a resource for each method, an MCP server one for each tool, all at one address (bazaar, MCP Tools). */
function keyOf(address: string, { info: { input } }: BazaarDeclaration): string {
  return input.type === "mcp" ? `${address} mcp ${input.toolName}` : `${address} ${input.method}`;
}
