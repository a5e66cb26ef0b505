import { isWhole, type RunReport } from "./run-report.ts";

/** A badge, or why there is none. */
export type Badge =
  | { readonly kind: "badge"; readonly text: string }
  | { readonly kind: "none"; readonly why: string };

/**
 * What a shields.io endpoint answers (`https://img.shields.io/endpoint?url=…`). Only a run of the whole suite that
 * came to a verdict gets one: a part of it proves nothing about the rest.
 */
export function badge(report: RunReport): Badge {
  const { cases, exitCode, selection, suite } = report;
  if (!isWhole(report))
    return { kind: "none", why: "the run left cases out (--only, --skip, --level or --shard)" };
  if (exitCode > 1) return { kind: "none", why: "the run came to no verdict" };
  const version = selection.set ?? selection.protocol;
  const known = cases.filter((verdict) => verdict.known !== undefined).length;
  const failing = cases.filter((verdict) => verdict.status === "fail" && verdict.known === undefined).length;
  const endpoint = {
    schemaVersion: 1,
    label: `${version?.replace("@", " v") ?? "x402"} ${suite}`,
    ...(failing > 0
      ? { message: failing === 1 ? "1 case fails" : `${failing} cases fail`, color: "red" }
      : known > 0
        ? { message: `${known} known failure${known === 1 ? "" : "s"}`, color: "yellow" }
        : { message: "conformant", color: "brightgreen" }),
  };
  return { kind: "badge", text: `${JSON.stringify(endpoint)}\n` };
}
