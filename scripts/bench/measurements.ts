/** The two programs of every comparison: this project, and the official TypeScript packages of x402. */
export const sides = ["ours", "official"] as const;
export type Side = (typeof sides)[number];

/** How many purchases are under way at once in the measured rounds. */
export const concurrencies = [1, 8, 32] as const;
export type Concurrency = (typeof concurrencies)[number];

/** The programs of a side that serve, each a process of its own. */
export const serverRoles = ["seller", "facilitator"] as const;
export type ServerRole = (typeof serverRoles)[number];

/** All programs of a side. */
export const roles = ["buyer", ...serverRoles] as const;
export type Role = (typeof roles)[number];

/** Time from the start of the process to its ready line, in milliseconds. */
export interface SandboxReady {
  /** The contracts had to be compiled. */
  readonly coldMs: readonly number[];
  readonly warmMs: readonly number[];
}

/** Whole runs of the seller suite against the reference seller. */
export interface ConformanceRuns {
  /** Process start to end, in milliseconds. */
  readonly elapsedMs: readonly number[];
  readonly cases: number;
  readonly exitCodes: readonly number[];
}

/** Rounds of paid loops at one concurrency. */
export interface LoopRounds {
  /** Loops per second, one sample for each round. */
  readonly perSecond: readonly number[];
  /** One sample for each loop, in milliseconds. */
  readonly latenciesMs: readonly number[];
  /** Processor time of each program for one loop, one sample for each round. */
  readonly processorMs: Readonly<Record<Role, readonly number[]>>;
}

/** Everything one side's buyer did, held against the chain. */
export interface LoopAudit {
  /** Loops that ended with status 200 and a receipt. */
  readonly loops: number;
  /** Reasons of the others, with how often each came. */
  readonly failures: Readonly<Record<string, number>>;
  /** Transfers out of the buyer's account. */
  readonly transfers: number;
  /** The receipts name exactly these transfers, each once. */
  readonly agrees: boolean;
}

/** What was measured of the paid loops of one side. */
export interface LoopsOfSide {
  readonly rounds: Readonly<Record<Concurrency, LoopRounds>>;
  readonly audit: LoopAudit;
}

/** A process's memory after a garbage collection, in bytes. */
export interface MemoryPoint {
  /** What its JavaScript holds: heap and buffers. */
  readonly used: number;
  /** What the system has given it. */
  readonly resident: number;
}

/** Memory while very many payments are made. */
export interface MemoryRun {
  /** After each quarter of the payments. */
  readonly points: Readonly<Record<ServerRole, readonly MemoryPoint[]>>;
  readonly audit: LoopAudit;
}

/** What a run measured; parts that were not asked for are missing. */
export interface Measurements {
  readonly sandbox?: SandboxReady;
  readonly conformance?: ConformanceRuns;
  readonly loops?: Readonly<Record<Side, LoopsOfSide>>;
  readonly memory?: MemoryRun;
}
