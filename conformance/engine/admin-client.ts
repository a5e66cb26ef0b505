import type { Address } from "viem";
import type { FaultOrder, JournalEntry, PaidWork, SandboxDescription } from "#sandbox";

/** The admin API of the run's sandbox, as the engine uses it. */
export interface AdminClient {
  describe(): Promise<SandboxDescription>;
  /** Gives each account as much. */
  fund(accounts: readonly Address[], amount: bigint): Promise<void>;
  /** Moves the chain's clock forward, for everybody and for good. */
  advanceClock(seconds: number): Promise<void>;
  /** Makes something go wrong until the fault is used up or removed; for one payer if the order names one. */
  addFault(fault: FaultOrder): Promise<number>;
  /** Switches a fault off, and lets go of what it holds. */
  removeFault(id: number): Promise<void>;
  /** How often a fault was reached. */
  faultReached(id: number): Promise<number>;
  /** What sellers asked the facilitator about one payer, or about all. */
  exchanges(payer?: Address): Promise<JournalEntry[]>;
  /** Runs of paid handlers that were reported for one request. */
  work(requestId: string): Promise<PaidWork[]>;
}

/**
 * Opens the admin API at `adminUrl`. Both ends are ours and of one version, so answers are taken as typed.
 *
 * @throws Error on any answer that is not 2xx: a fault of the suite, not of the subject
 */
export function openAdmin(adminUrl: string): AdminClient {
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(new URL(path, adminUrl), {
      method,
      ...(body === undefined
        ? {}
        : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`The sandbox's admin API refused ${method} ${path}: ${text}`);
    return JSON.parse(text === "" ? "null" : text);
  };
  return {
    describe: () => ask("GET", "/"),
    fund: async (accounts, amount) => {
      const orders = accounts.map((address) => ({ address, amount: String(amount) }));
      await ask("POST", "/faucet", orders);
    },
    advanceClock: async (seconds) => {
      await ask("POST", "/clock", { advanceSeconds: seconds });
    },
    addFault: async (fault) => (await ask<{ id: number }>("POST", "/faults", fault)).id,
    removeFault: async (id) => {
      await ask("DELETE", `/faults/${id}`);
    },
    faultReached: async (id) => {
      const { active } = await ask<{ active: { id: number; reached: number }[] }>("GET", "/faults");
      return active.find((fault) => fault.id === id)?.reached ?? 0;
    },
    exchanges: (payer) => ask("GET", payer === undefined ? "/journal" : `/journal?payer=${payer}`),
    work: (requestId) => ask("GET", `/work?requestId=${encodeURIComponent(requestId)}`),
  };
}
