import { z } from "zod";
import { type Parsed, parseWith } from "../parsed.ts";

/** Key of the extension by which a seller declares how its resource is called, so that facilitators can list it. */
export const bazaarKey = "bazaar";

/** How a resource is called (bazaar, Input Types): over HTTP, or as a tool of an MCP server. */
const inputSchema = z.discriminatedUnion("type", [
  z.looseObject({
    type: z.literal("http"),
    method: z.enum(["GET", "HEAD", "DELETE", "POST", "PUT", "PATCH"]),
  }),
  z.looseObject({
    type: z.literal("mcp"),
    toolName: z.string().min(1),
    inputSchema: z.record(z.string(), z.unknown()),
  }),
]);

const declarationSchema = z.looseObject({
  info: z.looseObject({ input: inputSchema }),
  /** JSON Schema of `info`. It comes from outside, like all the rest. */
  schema: z.record(z.string(), z.unknown()),
  /** Whatever it is, it may be no template. */
  routeTemplate: z.unknown().optional(),
});

/** What a seller declares, as its buyer sent it back. */
export type BazaarDeclaration = z.infer<typeof declarationSchema>;

/** Reads a declaration; what is none is refused with `invalid_payload`. */
export function readBazaarDeclaration(extension: unknown): Parsed<BazaarDeclaration> {
  return parseWith(declarationSchema, extension, "invalid_payload");
}

/** A page of the resources that a facilitator lists (x402 v2 §8.2). */
export interface DiscoveryPage {
  readonly x402Version: 2;
  readonly items: readonly DiscoveredResource[];
  readonly pagination: { readonly limit: number; readonly offset: number; readonly total: number };
}

/** A resource that can be bought (x402 v2 §8.2). */
export interface DiscoveredResource {
  readonly resource: string;
  readonly type: "http" | "mcp";
  readonly x402Version: 2;
  /** Ways to pay, as payment requirements. */
  readonly accepts: readonly object[];
  /** When it was paid last, in Unix seconds. */
  readonly lastUpdated: number;
  readonly metadata: { readonly description?: string; readonly mimeType?: string };
  readonly extensions: { readonly bazaar: BazaarDeclaration };
}

/** What a facilitator made of an extension (x402 v2 §7.2.1). */
export type ExtensionOutcome =
  | { readonly status: "success" | "processing" }
  | { readonly status: "rejected"; readonly rejectedReason: string };

/** Outcomes by extension, for the seller and nobody else. */
export type ExtensionOutcomes = Readonly<Record<string, ExtensionOutcome>>;

/** Header of a facilitator's answer that carries {@link ExtensionOutcomes}, as base64 JSON. */
export const extensionResponsesHeader = "EXTENSION-RESPONSES";
