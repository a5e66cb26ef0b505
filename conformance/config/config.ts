import { z } from "zod";
import { type ReportOrder, reportFormats } from "../report/index.ts";

/** A URL in which `{port}` may stand. */
const httpUrl = z
  .string()
  .refine(
    (text) => /^https?:$/.test(URL.parse(text.replaceAll("{port}", "80"))?.protocol ?? ""),
    "expected a URL such as http://127.0.0.1:3000/weather",
  );

const milliseconds = z.int().positive().max(2_147_483_647);

const requestText = z
  .string()
  .regex(/^[A-Za-z]+\s+\/\S*(\s+.+)?$/s, 'expected "METHOD /path [body]", e.g. "GET /weather"');

const sellerSchema = z.strictObject({
  /** URL of a request that costs money; `{port}` stands for the port that `start` is given. */
  url: httpUrl,
  /** Command that starts the seller. */
  start: z.string().min(1).optional(),
  /** URL that answers when the seller is ready; the paid URL without it. */
  ready: httpUrl.optional(),
  /** Longest that the seller may take to get ready, in milliseconds. */
  readyTimeout: milliseconds.optional(),
  /** Method and body of the paid request; GET without it. */
  method: z
    .string()
    .regex(/^[A-Za-z]+$/, 'expected a method such as "POST"')
    .optional(),
  data: z.string().optional(),
  invalid: requestText.optional(),
  free: requestText.optional(),
  failing: requestText.optional(),
  alsoPaid: requestText.optional(),
  /** A paid request that requires a payment identifier. */
  identified: requestText.optional(),
  streaming: requestText.optional(),
});

const clientSchema = z.strictObject({
  /** Command that fetches `{url}`, run once per errand. */
  command: z.string().min(1).optional(),
  /** Module whose default export makes a fetch that pays. */
  module: z.string().min(1).optional(),
  /** The client comes by itself. */
  pull: z.boolean().optional(),
});

const facilitatorSchema = z.strictObject({
  /** Base URL; `{port}` stands for the port that `start` is given. */
  url: httpUrl,
  /** Command that starts the facilitator. */
  start: z.string().min(1).optional(),
  /** URL that answers when the facilitator is ready; `/supported` without it. */
  ready: httpUrl.optional(),
  /** Longest that the facilitator may take to get ready, in milliseconds. */
  readyTimeout: milliseconds.optional(),
});

/** What `x402-assay.config.ts` may say. Every field has a flag, and the flag wins. */
export const configSchema = z.strictObject({
  seller: sellerSchema.optional(),
  /** The client to judge: one of the three. */
  client: clientSchema.optional(),
  facilitator: facilitatorSchema.optional(),
  /** Admin URL of a running sandbox. */
  sandbox: z.url({ protocol: /^https?$/ }).optional(),
  only: z.array(z.string()).optional(),
  skip: z.array(z.string()).optional(),
  level: z.enum(["must", "should", "all"]).optional(),
  seed: z.string().optional(),
  workers: z.int().positive().optional(),
  /** Longest that one request may take, in milliseconds. */
  timeout: milliseconds.optional(),
  /** File of each report, by format: `{ json: "report.json" }`. */
  report: z
    .partialRecord(z.enum(reportFormats), z.string().min(1))
    .transform((files): ReportOrder[] =>
      reportFormats.flatMap((format) => {
        const file = files[format];
        return file === undefined ? [] : [{ format, file }];
      }),
    )
    .optional(),
});

/** A configuration as it is written. */
export type ConfigInput = z.input<typeof configSchema>;

/** A configuration as it was read. */
export type Config = z.output<typeof configSchema>;

/**
 * Types a configuration file.
 *
 * @example
 * // x402-assay.config.ts
 * export default defineConfig({
 *   seller: { url: "http://127.0.0.1:{port}/weather?city=Berlin", start: "node server.js", free: "GET /health" },
 * });
 */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config;
}
