import { type Address, isAddressEqual } from "viem";
import {
  type Bite,
  type FacilitatorFault,
  type FacilitatorFaultName,
  facilitatorFaults,
} from "./facilitator-faults.ts";

/** What switches a fault on. */
export interface FaultOrder {
  readonly name: FacilitatorFaultName;
  /** Bites only payments of this payer; without it, everybody's. */
  readonly payer?: Address | undefined;
  /** How many times it bites before it switches itself off; without it, until it is removed. */
  readonly times?: number | undefined;
  /** The reason that a refusal gives, e.g. `invalid_network`. */
  readonly reason?: string | undefined;
  /** How long a slow answer takes, or a hanging call is held, in milliseconds. */
  readonly delayMs?: number | undefined;
}

/** A fault that is switched on. `reached` counts how often it bit. */
export interface ActiveFault extends FaultOrder {
  readonly id: number;
  readonly reached: number;
}

/** A fault that bites a call. */
export type BitingFault = FacilitatorFault & { readonly name: FacilitatorFaultName; readonly bite: Bite };

/** The faults that are switched on, and how often each was reached. */
export class FaultBoard {
  readonly #faults = new Map<number, { order: FaultOrder; reached: number; off: AbortController }>();
  #nextId = 1;

  /** Switches a fault on and gives its id. */
  add(order: FaultOrder): ActiveFault {
    const id = this.#nextId++;
    this.#faults.set(id, { order, reached: 0, off: new AbortController() });
    return { id, ...order, reached: 0 };
  }

  /** Every fault that was added and not removed, also those whose `times` are used up. */
  list(): ActiveFault[] {
    return [...this.#faults].map(([id, { order, reached }]) => ({ id, ...order, reached }));
  }

  /** Switches one fault off, and lets go of the calls that it holds; `false` when there is none of this id. */
  remove(id: number): boolean {
    this.#faults.get(id)?.off.abort();
    return this.#faults.delete(id);
  }

  /** Switches all faults off. */
  clear(): void {
    for (const id of [...this.#faults.keys()]) this.remove(id);
  }

  /** The fault that bites this call, if any; counts it as reached. The one added first bites first. */
  take(endpoint: FacilitatorFault["endpoint"], payer: Address | undefined): BitingFault | undefined {
    for (const active of this.#faults.values()) {
      const { order, reached, off } = active;
      const { name, reason, delayMs } = order;
      const fault: FacilitatorFault = facilitatorFaults[name];
      if (fault.endpoint !== endpoint) continue;
      if (order.payer !== undefined && !(payer !== undefined && isAddressEqual(payer, order.payer))) continue;
      if (order.times !== undefined && reached >= order.times) continue;
      active.reached += 1;
      return { name, ...fault, bite: { payer, reason, delayMs, off: off.signal } };
    }
    return undefined;
  }
}
