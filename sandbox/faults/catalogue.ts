import { facilitatorFaults } from "./facilitator-faults.ts";
import { type Fault, isStanding, placeOf } from "./fault.ts";
import { rpcFaults } from "./rpc-faults.ts";
import { stateFaults } from "./state-faults.ts";
import { tokenFaults } from "./token-faults.ts";
import { transactionFaults } from "./transaction-faults.ts";

/** Everything that can be made to go wrong, by name. */
export const faults = {
  ...facilitatorFaults,
  ...transactionFaults,
  ...rpcFaults,
  ...stateFaults,
  ...tokenFaults,
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;

export function isFaultName(name: unknown): name is FaultName {
  return typeof name === "string" && Object.hasOwn(faults, name);
}

/** A fault as `GET /faults` and docs/faults.md tell of it. */
export interface CatalogueEntry {
  readonly name: FaultName;
  readonly place: "facilitator" | "chain" | "token";
  /** Which of the facilitator's calls it bites. */
  readonly endpoint?: "verify" | "settle" | "supported" | undefined;
  readonly effect: string;
  /** What an order may say besides `payer`, `times`, `lastsMs`, `chance` and `seed`. */
  readonly takes: readonly string[];
  /** A state that lasts, and not calls that are bitten. */
  readonly standing: boolean;
  /** Others feel it, too: nothing else can be tried meanwhile. */
  readonly alone: boolean;
  readonly needsPayer: boolean;
}

/** The whole catalogue, in the order of its places. */
export function catalogue(): CatalogueEntry[] {
  return Object.keys(faults)
    .filter(isFaultName)
    .map((name) => {
      const fault: Fault = faults[name];
      return {
        name,
        place: placeOf(fault),
        ...("endpoint" in fault ? { endpoint: fault.endpoint } : {}),
        effect: fault.effect,
        takes: fault.takes ?? [],
        standing: isStanding(fault),
        alone: "alone" in fault && fault.alone === true,
        needsPayer: isStanding(fault) && fault.needsPayer === true,
      };
    });
}
