import { createRequire } from "node:module";
import { z } from "zod";

/** The package.json that is nearest: the repository's, or the published one. */
const manifest: unknown = createRequire(import.meta.url)("x402-assay/package.json");

/** What makes the reports. */
export const tool = z.object({ name: z.string(), version: z.string() }).readonly().parse(manifest);
