import { createHash } from "node:crypto";
import type { Address } from "viem";
import { type CatalogueEntry, catalogue, type FaultName, type FaultOrder } from "#sandbox";
import { type Draws, drawsFrom } from "./draws.ts";

/** A fault, and when it is switched on, in milliseconds from the beginning. It switches itself off. */
export interface ScheduledFault {
  readonly atMs: number;
  readonly order: FaultOrder & { readonly lastsMs: number };
}

/** Faults after which the account cannot close, whatever facilitator and seller do. */
export const leftOut: Partial<Record<FaultName, string>> = {
  "transaction-reorganized-away": "it takes back blocks upon which goods were delivered",
  "authorization-front-run": "somebody else pays, and no facilitator gives a receipt for that",
  "settle-pending-unmined": "it names a transaction that never comes",
  "token-takes-a-fee": "it moves something else than was signed",
  "token-emits-no-event": "it moves money of which no transfer tells",
};

/** How long honest trade comes first, and last, in milliseconds: what was broken has to mend. */
const opening = 3_000;
const ending = 8_000;

/**
 * The faults of a soak: everything in the catalogue, in an order that the seed decides, again and again until the time
 * is over. One at a time, with honest trade in between. A longer soak of the same seed begins like a shorter one.
 */
export function schedule(
  seed: string,
  durationMs: number,
  payers: readonly [Address, ...Address[]],
): ScheduledFault[] {
  const draws = drawsFrom(seed);
  const entries = catalogue().filter(({ name }) => leftOut[name] === undefined);
  const faults: ScheduledFault[] = [];
  for (let atMs = opening; ; ) {
    for (const entry of draws.shuffled(entries)) {
      const order = orderOf(entry, draws, payers);
      if (atMs + order.lastsMs > durationMs - ending) return faults;
      faults.push({ atMs, order });
      atMs += order.lastsMs + draws.between(1_000, 2_500);
    }
  }
}

function orderOf(
  { name, takes, standing, needsPayer }: CatalogueEntry,
  draws: Draws,
  payers: readonly [Address, ...Address[]],
): ScheduledFault["order"] {
  return {
    name,
    lastsMs: draws.between(500, 2_500),
    ...(standing ? {} : { chance: draws.oneOf([0.1, 0.5, 1]), seed: String(draws.between(0, 2 ** 32)) }),
    ...(needsPayer ? { payer: draws.oneOf(payers) } : {}),
    ...(takes.includes("reason") ? { reason: draws.oneOf(reasons) } : {}),
    ...(takes.includes("delayMs") ? { delayMs: draws.between(20, 1_000) } : {}),
    ...(takes.includes("advanceSeconds") ? { advanceSeconds: draws.between(60, 7_200) } : {}),
  };
}

const reasons = ["insufficient_funds", "invalid_network", "unexpected_verify_error"] as const;

/** One line for each fault, for two runs to be compared. */
export function scheduleLines(faults: readonly ScheduledFault[]): string[] {
  return faults.map(({ atMs, order: { name, ...terms } }) => {
    const told = Object.entries(terms).map(([key, value]) => `${key}=${value}`);
    return `${(atMs / 1_000).toFixed(1).padStart(6)} s  ${[name.padEnd(30), ...told].join(" ")}`;
  });
}

/** A short name for a list of faults: the same for the same faults only. */
export function digestOf(faults: readonly ScheduledFault[]): string {
  return createHash("sha256").update(scheduleLines(faults).join("\n")).digest("hex").slice(0, 16);
}
