import { createHash, randomBytes } from "node:crypto";
import { type Address, isAddressEqual } from "viem";
import { type FaultName, faults } from "./catalogue.ts";
import {
  type Bite,
  type FacilitatorFault,
  type Fault,
  isStanding,
  placeOf,
  type RpcFault,
  type StandingFault,
} from "./fault.ts";
import type { FaultedChain } from "./faulted-chain.ts";
import type { FaultOrder } from "./order.ts";
import type { RpcCall } from "./rpc-call.ts";

/** A fault that was ordered. */
export interface ActiveFault extends FaultOrder {
  readonly id: number;
  readonly place: "facilitator" | "chain" | "token";
  readonly seed: string;
  /** How many calls it bit, or, for a state, met. */
  readonly reached: number;
  /** Whether it still bites: neither `times` nor `lastsMs` are used up. */
  readonly on: boolean;
}

/** A fault of the facilitator that bites a call. */
export type BitingFacilitatorFault = FacilitatorFault & { readonly name: FaultName; readonly bite: Bite };

/** A fault of the node that bites a call. */
export interface BitingRpcFault {
  readonly act: RpcFault["act"];
  readonly bite: Omit<Bite, "payer">;
  /** Takes back that it was reached. */
  readonly spare: () => void;
}

/** A fault cannot be switched on beside another; the admin API answers 409. */
class FaultConflict extends Error {
  override readonly name = "FaultConflict";
  readonly statusCode = 409;
}

interface Entry {
  readonly id: number;
  readonly order: FaultOrder & { readonly seed: string };
  readonly fault: Fault;
  readonly occupies: string | undefined;
  readonly off: AbortController;
  /** Calls that it could have bitten; `chance` chooses among them. */
  met: number;
  reached: number;
  undo: (() => Promise<void>) | undefined;
  timer: NodeJS.Timeout | undefined;
}

/** The faults that are switched on, and how often each was reached. */
export class FaultBoard {
  readonly #chain: FaultedChain;
  readonly #entries = new Map<number, Entry>();
  #nextId = 1;

  constructor(chain: FaultedChain) {
    this.#chain = chain;
  }

  /**
   * Switches a fault on.
   *
   * @throws an error with `statusCode` 409 when one that occupies the same is on
   */
  async add(order: FaultOrder): Promise<ActiveFault> {
    const fault: Fault = faults[order.name];
    const entry: Entry = {
      id: this.#nextId++,
      order: { ...order, seed: order.seed ?? randomBytes(4).toString("hex") },
      fault,
      occupies: isStanding(fault) ? fault.occupies(order, this.#chain) : undefined,
      off: new AbortController(),
      met: 0,
      reached: 0,
      undo: undefined,
      timer: undefined,
    };
    this.#requireFree(entry);
    this.#entries.set(entry.id, entry);
    if (isStanding(fault)) await this.#begin(fault, entry);
    if (order.lastsMs !== undefined) {
      entry.timer = setTimeout(() => void end(entry).catch(() => undefined), order.lastsMs).unref();
    }
    return view(entry);
  }

  /** Every fault that was ordered and not switched off by hand, also those that have ended. */
  list(): ActiveFault[] {
    return [...this.#entries.values()].map(view);
  }

  /** Switches one fault off and makes good what it did; `false` when there is none of this id. */
  async remove(id: number): Promise<boolean> {
    const entry = this.#entries.get(id);
    if (entry === undefined) return false;
    this.#entries.delete(id);
    await end(entry);
    return true;
  }

  /** Switches all faults off. */
  async clear(): Promise<void> {
    await Promise.all([...this.#entries.keys()].map((id) => this.remove(id)));
  }

  /** Whether any fault is on that bites between a facilitator and its node. */
  get isOnChain(): boolean {
    return [...this.#entries.values()].some((entry) => isOn(entry) && placeOf(entry.fault) !== "facilitator");
  }

  /** The fault that bites a call of the facilitator, if any; counts it. The one ordered first bites first. */
  takeCall(
    endpoint: FacilitatorFault["endpoint"],
    payer: Address | undefined,
  ): BitingFacilitatorFault | undefined {
    for (const entry of this.#entries.values()) {
      const { fault, order, off } = entry;
      if (!("endpoint" in fault) || fault.endpoint !== endpoint || !isOn(entry)) continue;
      if (order.payer !== undefined && !(payer !== undefined && isAddressEqual(payer, order.payer))) continue;
      if (!isChosen(entry)) continue;
      entry.reached += 1;
      return { ...fault, name: order.name, bite: { payer, terms: order, off: off.signal } };
    }
    return undefined;
  }

  /**
   * The fault that bites a JSON-RPC call, if any; counts it, and every state that the call meets.
   *
   * @param isAbout whether the call speaks of an account
   */
  takeRpc(call: RpcCall, isAbout: (payer: Address) => boolean): BitingRpcFault | undefined {
    for (const entry of this.#entries.values()) {
      const { fault, order, off } = entry;
      if ("endpoint" in fault || !isOn(entry)) continue;
      if (isStanding(fault)) {
        if (fault.bites(call, order, this.#chain)) entry.reached += 1;
        continue;
      }
      if (!fault.bites(call) || (order.payer !== undefined && !isAbout(order.payer))) continue;
      if (!isChosen(entry)) continue;
      entry.reached += 1;
      const spare = () => {
        entry.reached -= 1;
      };
      return { act: fault.act, bite: { terms: order, off: off.signal }, spare };
    }
    return undefined;
  }

  async #begin(fault: StandingFault, entry: Entry): Promise<void> {
    try {
      entry.undo = await fault.begin(entry.order, this.#chain);
    } catch (error) {
      this.#entries.delete(entry.id);
      throw error;
    }
    // Switched off while it began: there was nothing to undo then.
    if (entry.off.signal.aborted) await entry.undo();
  }

  #requireFree({ occupies }: Entry): void {
    if (occupies === undefined) return;
    for (const other of this.#entries.values()) {
      if (other.occupies === occupies && isOn(other))
        throw new FaultConflict(
          `${other.order.name} (id ${other.id}) is on already: switch it off first, DELETE /faults/${other.id}.`,
        );
    }
  }
}

function isOn({ off, order, reached }: Entry): boolean {
  return !off.signal.aborted && (order.times === undefined || reached < order.times);
}

/** Draws for a call that could be bitten. The same seed draws the same, call by call. */
function isChosen(entry: Entry): boolean {
  const { chance = 1, seed } = entry.order;
  entry.met += 1;
  if (chance === 1) return true;
  const draw = createHash("sha256").update(`${seed}\0${entry.met}`).digest().readUInt32BE();
  return draw < chance * 2 ** 32;
}

async function end(entry: Entry): Promise<void> {
  if (entry.off.signal.aborted) return;
  entry.off.abort();
  clearTimeout(entry.timer);
  await entry.undo?.();
}

function view(entry: Entry): ActiveFault {
  const { id, order, fault, reached } = entry;
  return { id, ...order, place: placeOf(fault), reached, on: isOn(entry) };
}
