import { type Address, isAddressEqual } from "viem";
import { type FacilitatorFault, type FacilitatorFaultName, facilitatorFaults } from "./facilitator-faults.ts";

/** What switches a fault on. */
export interface FaultOrder {
  readonly name: FacilitatorFaultName;
  /** Bites only payments of this payer; without it, everybody's. */
  readonly payer?: Address | undefined;
  /** How many times it bites before it switches itself off; without it, until it is removed. */
  readonly times?: number | undefined;
}

/** A fault that is switched on. `reached` counts how often it bit. */
export interface ActiveFault extends FaultOrder {
  readonly id: number;
  readonly reached: number;
}

/** The faults that are switched on, and how often each was reached. */
export class FaultBoard {
  readonly #orders = new Map<number, FaultOrder>();
  readonly #reached = new Map<number, number>();
  #nextId = 1;

  /** Switches a fault on and gives its id. */
  add(order: FaultOrder): ActiveFault {
    const id = this.#nextId++;
    this.#orders.set(id, order);
    this.#reached.set(id, 0);
    return { id, ...order, reached: 0 };
  }

  /** Every fault that was added and not removed, also those whose `times` are used up. */
  list(): ActiveFault[] {
    return [...this.#orders].map(([id, order]) => ({ id, ...order, reached: this.#reached.get(id) ?? 0 }));
  }

  /** Switches one fault off; `false` when there is none of this id. */
  remove(id: number): boolean {
    this.#reached.delete(id);
    return this.#orders.delete(id);
  }

  /** Switches all faults off. */
  clear(): void {
    this.#reached.clear();
    this.#orders.clear();
  }

  /** The fault that bites this call, if any, with its name; counts it as reached. The one added first bites first. */
  take(
    endpoint: FacilitatorFault["endpoint"],
    payer: Address | undefined,
  ): (FacilitatorFault & { readonly name: FacilitatorFaultName }) | undefined {
    for (const [id, order] of this.#orders) {
      const fault: FacilitatorFault = facilitatorFaults[order.name];
      const reached = this.#reached.get(id) ?? 0;
      if (fault.endpoint !== endpoint) continue;
      if (order.payer !== undefined && !(payer !== undefined && isAddressEqual(payer, order.payer))) continue;
      if (order.times !== undefined && reached >= order.times) continue;
      this.#reached.set(id, reached + 1);
      return { name: order.name, ...fault };
    }
    return undefined;
  }
}
