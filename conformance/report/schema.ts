import { z } from "zod";
import type { CaseResult } from "../engine/index.ts";
import type { RunReport } from "./run-report.ts";

const milliseconds = z.number().nonnegative();
const atomic = z.string().regex(/^\d+$/);
const address = z.templateLiteral(["0x", z.string().regex(/^[0-9a-fA-F]{40}$/)]);
const hash = z.templateLiteral(["0x", z.string().regex(/^[0-9a-fA-F]{64}$/)]);
const headers = z.array(z.tuple([z.string(), z.string()]));
const count = z.int().nonnegative();

const exchange = z.object({
  label: z.string(),
  startedAt: milliseconds.describe("Unix milliseconds"),
  durationMs: milliseconds,
  request: z.object({ method: z.string(), url: z.string(), headers, body: z.string().exactOptional() }),
  answer: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("answer"), status: z.int(), headers, body: z.string() }),
    z.object({ kind: z.literal("no-answer"), why: z.string() }),
  ]),
});

const facilitatorCall = z.object({
  endpoint: z.enum(["verify", "settle", "supported"]),
  startedAt: milliseconds.describe("Unix milliseconds"),
  durationMs: milliseconds,
  request: z.string().exactOptional().describe("JSON, as text; of a case that passed, none"),
  answer: z.string().describe("JSON, as text"),
  fault: z.string().exactOptional().describe("the fault of the sandbox that bit this call"),
});

const caseSchema = z.object({
  id: z.string().describe("append-only, never renamed"),
  role: z.enum(["seller", "client", "facilitator"]),
  requirement: z.string().describe("id of the rule"),
  level: z.enum(["MUST", "MUST*", "SHOULD", "SHOULD*", "MAY", "REF", "SEC"]),
  status: z.enum(["pass", "fail", "warn", "inconclusive", "not-applicable", "error"]),
  title: z.string(),
  durationMs: milliseconds,
  message: z.string().exactOptional(),
  expected: z.string().exactOptional(),
  actual: z.string().exactOptional(),
  known: z
    .object({ reason: z.string(), expires: z.iso.date().exactOptional() })
    .exactOptional()
    .describe("why the baseline accepts this verdict for now, and until when"),
  triedAlone: z
    .enum(["otherwise", "left-out"])
    .exactOptional()
    .describe(
      "of a verdict that cases beside it may be the cause of: tried again alone, it went otherwise, as its message says, and this is the verdict of the run alone; or it was left out, as too many were tried again",
    ),
  subjectEnded: z
    .enum(["alone", "beside-others"])
    .exactOptional()
    .describe(
      "the subject ended by itself while the case ran: alone, so that nothing else has ended it; or beside others, and this is the verdict of the case when it was tried again",
    ),
  replay: z.string().exactOptional().describe("command that repeats the case"),
  exchanges: z.array(exchange).exactOptional().describe("oldest first; of a case that passed, the last ones"),
  errands: z
    .array(
      z.object({
        label: z.string(),
        kind: z.enum(["over", "cut-off", "unseen"]),
        summary: z.string(),
        said: z.string(),
      }),
    )
    .exactOptional()
    .describe("how the client ended each of its errands"),
  facilitatorCalls: z.array(facilitatorCall).exactOptional(),
  transfers: z
    .array(z.object({ to: address, value: atomic, transaction: hash, block: atomic }))
    .exactOptional()
    .describe("what left the payer while the case ran, as the chain had it at its end"),
  faults: z.array(z.string()).exactOptional().describe("faults of the sandbox that were switched on"),
  account: z
    .object({ address, since: atomic, delivered: count, excused: count, settled: count })
    .exactOptional(),
}) satisfies z.ZodType<CaseResult>;

/** A run's report as it is written with `--report json=FILE`, schema version 1. */
export const reportSchema = z.object({
  schemaVersion: z.literal(1),
  tool: z.object({ name: z.string(), version: z.string() }),
  suite: z.enum(["seller", "client", "facilitator"]),
  subject: z.string(),
  seed: z.string(),
  selection: z.object({
    only: z.array(z.string()).exactOptional(),
    skip: z.array(z.string()).exactOptional(),
    level: z.enum(["must", "should", "all"]).exactOptional(),
    protocol: z.enum(["x402@2", "x402@1"]).exactOptional(),
    set: z.enum(["x402@2", "x402@1"]).exactOptional(),
    shard: z.object({ index: z.int().positive(), count: z.int().positive() }).exactOptional(),
  }),
  startedAt: z.iso.datetime(),
  durationMs: milliseconds,
  exitCode: z.literal([0, 1, 3, 4]),
  totals: z.object({
    pass: count,
    fail: count,
    warn: count,
    inconclusive: count,
    "not-applicable": count,
    error: count,
  }),
  cases: z.array(caseSchema),
  notices: z.array(z.string()).exactOptional(),
  baseline: z
    .object({ file: z.string(), stale: z.array(z.object({ case: z.string(), why: z.string() })) })
    .exactOptional()
    .describe("the baseline that the run was held against, and its entries that are not true any more"),
}) satisfies z.ZodType<RunReport>;
