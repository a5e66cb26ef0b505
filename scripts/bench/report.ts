import { z } from "zod";
import { figures, mebibyte } from "./figures.ts";
import type { machine } from "./machine.ts";
import type { LoopAudit, Measurements, MemoryRun } from "./measurements.ts";
import { statisticOf } from "./statistics.ts";

const statisticSchema = z.object({
  median: z.number(),
  min: z.number(),
  max: z.number(),
  count: z.int().positive(),
});

/** One figure as it was measured. `ratio` is ours divided by the official stack's. */
const figureSchema = z.object({
  id: z.string(),
  title: z.string(),
  unit: z.enum(["ms", "loops/s", "MiB"]),
  ours: statisticSchema,
  official: statisticSchema.optional(),
  ratio: z.number().optional(),
  budget: z
    .object({
      of: z.enum(["ours", "ratio"]),
      atMost: z.number().optional(),
      atLeast: z.number().optional(),
      met: z.boolean(),
    })
    .optional(),
});

/** Something that must hold for the figures to mean anything. */
const checkSchema = z.object({ title: z.string(), ok: z.boolean(), detail: z.string() });

/** The contents of bench.json. */
export const benchReportSchema = z.object({
  schemaVersion: z.literal(1),
  /** ISO 8601, when the run began. */
  date: z.iso.datetime(),
  node: z.string(),
  machine: z.object({
    cpu: z.string(),
    cores: z.int(),
    memoryGiB: z.number(),
    platform: z.string(),
  }),
  durationMs: z.number(),
  figures: z.array(figureSchema),
  checks: z.array(checkSchema),
});
export type BenchReport = z.infer<typeof benchReportSchema>;
export type MeasuredFigure = z.infer<typeof figureSchema>;

/** What a run is said to have measured, from what it did. */
export function benchReport(
  measured: Measurements,
  run: { readonly startedAt: Date; readonly machine: ReturnType<typeof machine> },
): BenchReport {
  return {
    schemaVersion: 1,
    date: run.startedAt.toISOString(),
    node: process.version,
    machine: run.machine,
    durationMs: Date.now() - run.startedAt.getTime(),
    figures: measuredFigures(measured),
    checks: checksOf(measured),
  };
}

/** The figures of which there are samples. */
export function measuredFigures(measured: Measurements): MeasuredFigure[] {
  return figures.flatMap(({ id, title, unit, samples, budget }) => {
    const ours = statisticOf(samples(measured, "ours"));
    const official = statisticOf(samples(measured, "official"));
    if (ours === undefined) return [];
    const ratio = official === undefined ? undefined : ours.median / official.median;
    const judged = budget?.of === "ours" ? ours.median : ratio;
    return [
      {
        id,
        title,
        unit,
        ours,
        ...(official === undefined ? {} : { official }),
        ...(ratio === undefined ? {} : { ratio }),
        ...(budget === undefined || judged === undefined
          ? {}
          : { budget: { ...budget, met: meets(judged, budget) } }),
      },
    ];
  });
}

function meets(
  value: number,
  { atMost = Infinity, atLeast = -Infinity }: { atMost?: number; atLeast?: number },
) {
  return value <= atMost && value >= atLeast;
}

/**
 * What must hold for the rates to mean anything: the chain knows every loop that was counted and no other. Loops of
 * the official stack that failed are told, but are no fault of this run; ours must not fail.
 */
function checksOf({ conformance, loops, memory }: Measurements): BenchReport["checks"] {
  const checks: BenchReport["checks"] = [];
  if (conformance !== undefined) {
    const { exitCodes, cases } = conformance;
    checks.push({
      title: "the reference is conformant",
      ok: cases > 0 && exitCodes.every((code) => code === 0),
      detail: `${cases} cases, exit ${exitCodes.join(", ")}`,
    });
  }
  for (const [side, { audit }] of Object.entries(loops ?? {})) {
    checks.push({
      title: `every ${side === "ours" ? "loop of ours" : "official loop"} was paid on the chain`,
      ok: audit.agrees && (side === "official" || !hasFailures(audit)),
      detail: told(audit),
    });
  }
  if (memory !== undefined) {
    checks.push({
      title: "every payment whose memory was measured was made on the chain",
      ok: memory.audit.agrees && !hasFailures(memory.audit),
      detail: [told(memory.audit), ...quarters(memory)].join("; "),
    });
  }
  return checks;
}

function hasFailures({ failures }: LoopAudit): boolean {
  return Object.keys(failures).length > 0;
}

function told({ loops, transfers, failures }: LoopAudit): string {
  const reasons = Object.entries(failures).map(([reason, count]) => `${count} failed: ${reason}`);
  return [`${loops} loops, ${transfers} transfers`, ...reasons].join("; ");
}

/** The memory after each quarter of the payments. */
function quarters({ points }: MemoryRun): string[] {
  const mebibytes = (bytes: number) => (bytes / mebibyte).toFixed(0);
  return Object.entries(points).map(([role, each]) => {
    const used = each.map((point) => mebibytes(point.used)).join(", ");
    const resident = each.map((point) => mebibytes(point.resident)).join(", ");
    return `${role} held ${used} MiB (resident ${resident}) after each quarter`;
  });
}
