import { z } from "zod";
import { type Parsed, parseWith } from "../../protocol/index.ts";

const pageRequestSchema = z.looseObject({
  type: z.string().optional(),
  payTo: z.string().optional(),
  scheme: z.string().optional(),
  network: z.string().optional(),
  extensions: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  offset: z.coerce.number().int().min(0).default(0),
});

/** Which resources are wanted, and which of those: up to `limit`, without the first `offset`. */
export type PageRequest = z.infer<typeof pageRequestSchema>;

/** Reads the query of `GET /discovery/resources` (x402 v2 §8.1). */
export function readPageRequest(query: unknown): Parsed<PageRequest> {
  return parseWith(pageRequestSchema, query, "invalid_payload");
}
