import { join } from "node:path";
import { z } from "zod";
import type { Program } from "./program.ts";
import { projectRoot } from "./project.ts";

/** What a server tells of itself. Memory in bytes. */
const usageSchema = z.object({
  /** What its JavaScript holds: heap and buffers. */
  used: z.number(),
  /** What the system has given it. */
  resident: z.number(),
  /** Processor time since it began. */
  processorMs: z.number(),
});
export type Usage = z.infer<typeof usageSchema>;

/** For the Node of a server that is to be asked; it must not use its parent's messages itself. */
export const tellingUsage = ["--import", join(projectRoot, "scripts/bench/tell-usage.ts")] as const;

const answerTimeoutMs = 60_000;

/** Asks a server that was started with {@link tellingUsage}. */
export async function usageOf(server: Program): Promise<Usage> {
  return usageSchema.parse(await server.ask({ ask: "usage" }, answerTimeoutMs));
}
