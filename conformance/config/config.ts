import { z } from "zod";

const requestText = z
  .string()
  .regex(/^[A-Za-z]+\s+\/\S*(\s+.+)?$/s, 'expected "METHOD /path [body]", e.g. "GET /weather"');

const sellerSchema = z.strictObject({
  /** URL of a request that costs money; `{port}` stands for the port that `start` is given. */
  url: z.string(),
  /** Command that starts the seller. */
  start: z.string().optional(),
  /** URL that answers when the seller is ready; the paid URL without it. */
  ready: z.string().optional(),
  method: z.string().optional(),
  data: z.string().optional(),
  invalid: requestText.optional(),
  free: requestText.optional(),
  failing: requestText.optional(),
  alsoPaid: requestText.optional(),
});

/** What `x402-assay.config.ts` may say. Every field has a flag, and the flag wins. */
export const configSchema = z.strictObject({
  seller: sellerSchema.optional(),
  sandbox: z.url().optional(),
  only: z.array(z.string()).optional(),
  skip: z.array(z.string()).optional(),
  level: z.enum(["must", "should", "all"]).optional(),
  seed: z.string().optional(),
  workers: z.int().positive().optional(),
  timeout: z.int().positive().optional(),
});

export type Config = z.infer<typeof configSchema>;

/**
 * Types a configuration file.
 *
 * @example
 * // x402-assay.config.ts
 * export default defineConfig({
 *   seller: { url: "http://127.0.0.1:{port}/weather?city=Berlin", start: "node server.js", free: "GET /health" },
 * });
 */
export function defineConfig(config: Config): Config {
  return config;
}
