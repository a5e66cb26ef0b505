import {
  type Concurrency,
  concurrencies,
  type Measurements,
  type MemoryPoint,
  roles,
  type Side,
  serverRoles,
} from "./measurements.ts";

/** Bytes in a MiB. */
export const mebibyte = 2 ** 20;

/** What a figure should be: ours alone, or ours divided by the official stack's. */
export interface Budget {
  readonly of: "ours" | "ratio";
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** One row of the table. */
export interface Figure {
  readonly id: string;
  readonly title: string;
  readonly unit: "ms" | "loops/s" | "MiB";
  readonly samples: (measured: Measurements, side: Side) => readonly number[];
  readonly budget?: Budget;
}

/** The budgets of the paid loops per second, by loops in flight. */
const rateBudgets: Partial<Record<Concurrency, Budget>> = { 32: { of: "ratio", atLeast: 10 } };

/** Everything the benchmark tells, in the order of the table. */
export const figures: readonly Figure[] = [
  {
    id: "sandbox.ready.cold",
    title: "sandbox ready, contracts to compile",
    unit: "ms",
    samples: onlyOurs(({ sandbox }) => sandbox?.coldMs),
  },
  {
    id: "sandbox.ready.warm",
    title: "sandbox ready",
    unit: "ms",
    samples: onlyOurs(({ sandbox }) => sandbox?.warmMs),
    budget: { of: "ours", atMost: 1_500 },
  },
  {
    id: "conformance.seller",
    title: "full seller run against the reference",
    unit: "ms",
    samples: onlyOurs(({ conformance }) => conformance?.elapsedMs),
    budget: { of: "ours", atMost: 6_000 },
  },
  ...concurrencies.map(
    (inFlight): Figure => ({
      id: `loops.rate.${inFlight}`,
      title: `paid loops, ${inFlight} in flight`,
      unit: "loops/s",
      samples: ({ loops }, side) => loops?.[side].rounds[inFlight].perSecond ?? [],
      ...(rateBudgets[inFlight] === undefined ? {} : { budget: rateBudgets[inFlight] }),
    }),
  ),
  {
    id: "loops.latency.1",
    title: "one paid loop at a time, latency",
    unit: "ms",
    samples: ({ loops }, side) => loops?.[side].rounds[1].latenciesMs ?? [],
    budget: { of: "ratio", atMost: 1 / 3 },
  },
  ...roles.map(
    (role): Figure => ({
      id: `loops.processor.${role}`,
      title: `processor time of the ${role} per loop, 32 in flight`,
      unit: "ms",
      samples: ({ loops }, side) => loops?.[side].rounds[32].processorMs[role] ?? [],
    }),
  ),
  ...serverRoles.map(
    (role): Figure => ({
      id: `memory.${role}`,
      title: `growth of the ${role}'s memory`,
      unit: "MiB",
      samples: onlyOurs(({ memory }) => growthOf(memory?.points[role])),
      budget: { of: "ours", atMost: 16 },
    }),
  ),
];

/** What is held in the end and was not after the first quarter, when everything had been compiled and connected. */
function growthOf(points: readonly MemoryPoint[] | undefined): number[] | undefined {
  const first = points?.at(0);
  const last = points?.at(-1);
  return first && last && [(last.used - first.used) / mebibyte];
}

function onlyOurs(samples: (measured: Measurements) => readonly number[] | undefined): Figure["samples"] {
  return (measured, side) => (side === "ours" ? (samples(measured) ?? []) : []);
}
