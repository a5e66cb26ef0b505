import { z } from "zod";
import { type ReportOrder, reportFormats } from "../report/index.ts";
import { headersSchema } from "./headers.ts";

/** A URL in which `{port}` may stand. */
const httpUrl = z
  .string()
  .refine(
    (text) => /^https?:$/.test(URL.parse(text.replaceAll("{port}", "80"))?.protocol ?? ""),
    "expected a URL such as http://127.0.0.1:3000/weather",
  );

const milliseconds = z.int().positive().max(2_147_483_647);

const amountExpected = 'expected atomic units, e.g. "2000000" for 2 USDC';

/** An amount of money, a decimal string or a bigint; becomes a string. */
const atomic = z
  .union([z.string(), z.bigint()], amountExpected)
  .transform(String)
  .refine((text) => /^\d{1,30}$/.test(text), amountExpected);

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
  /** The seller is an MCP server at `url`, and this tool of it costs money; `data` has its arguments. */
  tool: z.string().min(1).optional(),
  /** Method and body of the paid request; GET without it. */
  method: z
    .string()
    .regex(/^[A-Za-z]+$/, 'expected a method such as "POST"')
    .optional(),
  /** Body of the paid request; JSON, unless `headers` say otherwise. */
  data: z.string().optional(),
  /** The seller's prices may change from one request to the next, and buyers are told so. */
  dynamicPrices: z.boolean().optional(),
  /** Headers of every request, e.g. `{ "x-api-key": { env: "API_KEY" } }`, taken from the environment and redacted. */
  headers: headersSchema.optional(),
  /** A paid request that must be refused as invalid, whether it is paid or not: `"GET /weather"`. */
  invalid: requestText.optional(),
  /** A request that costs nothing. */
  free: requestText.optional(),
  /** A paid request whose handler fails after the payment was verified; or several, which fail in several ways. */
  failing: z.union([requestText, z.array(requestText).min(1)]).optional(),
  /** Another paid request, best at another price. */
  alsoPaid: requestText.optional(),
  /** A paid request that requires a payment identifier. */
  identified: requestText.optional(),
  /** A paid request whose answer is sent piece by piece. */
  streaming: requestText.optional(),
  /** A paid request that takes scheme `exact` by Permit2. */
  permit2: requestText.optional(),
  /** A paid request that takes scheme `upto`; or several, e.g. one more for which nothing is charged. */
  upto: z.union([requestText, z.array(requestText).min(1)]).optional(),
});

const clientSchema = z.strictObject({
  /** Command that fetches `{url}`, run once per errand, e.g. `"node my-agent.js {url}"`. */
  command: z.string().min(1).optional(),
  /** Module whose default export makes a fetch that pays. */
  module: z.string().min(1).optional(),
  /** The client comes by itself. */
  pull: z.boolean().optional(),
  /** The most that the client is set to pay for one request, in atomic units. */
  limit: atomic.optional(),
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
  /** Headers of every request, e.g. `{ authorization: { env: "TOKEN", prefix: "Bearer " } }`. */
  headers: headersSchema.optional(),
});

/** What `x402-assay.config.ts` may say. Every field has a flag, and the flag wins. */
export const configSchema = z.strictObject({
  /** The seller to judge, and its requests. */
  seller: sellerSchema.optional(),
  /** The client to judge: one of the three. */
  client: clientSchema.optional(),
  /** The facilitator to judge. */
  facilitator: facilitatorSchema.optional(),
  /** Version of x402 that the program must speak; without it what the suite finds. */
  protocol: z.enum(["x402@2", "x402@1"]).optional(),
  /** Count only the rules of this frozen set. */
  set: z.enum(["x402@2", "x402@1"]).optional(),
  /** Admin URL of a running sandbox. */
  sandbox: z.url({ protocol: /^https?$/ }).optional(),
  /** Globs of case ids to run; all without any. */
  only: z.array(z.string()).optional(),
  /** Globs of case ids to leave out. */
  skip: z.array(z.string()).optional(),
  /** Weakest level to judge. */
  level: z.enum(["must", "should", "all"]).optional(),
  /** Seed of payers and choices; random without it. */
  seed: z.string().min(1).optional(),
  /** Cases in flight at once. */
  workers: z.int().positive().optional(),
  /** Longest that one request may take, in milliseconds. */
  timeout: milliseconds.optional(),
  /** What the suite may sign for in a whole run, in atomic units: `"2000000"` are 2 USDC. Any amount without it. */
  budget: atomic.optional(),
  /** File that lists failures that are known. */
  baseline: z.string().min(1).optional(),
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
