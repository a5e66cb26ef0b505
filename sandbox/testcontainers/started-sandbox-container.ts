import { AbstractStartedContainer, type StartedTestContainer } from "testcontainers";
import type { Address } from "viem";
import type { NamedAccounts } from "../chain/index.ts";
import type { FaultOrder } from "../faults/index.ts";
import type { Network } from "../protocol/index.ts";
import { adminApi, type FaultStatus, type SandboxIdentity } from "./admin-api.ts";

/** Where everything listens inside of the container, and for containers of the same network. */
export const ports = { admin: 4020, seller: 4021, facilitator: 4022, rpc: 8545, faultyRpc: 8546 } as const;

/** A sandbox that runs in a container. Its URLs are those at which this machine reaches it. */
export class StartedSandboxContainer extends AbstractStartedContainer {
  readonly #identity: SandboxIdentity;
  readonly #admin = adminApi(() => this.getAdminUrl());

  private constructor(started: StartedTestContainer, identity: SandboxIdentity) {
    super(started);
    this.#identity = identity;
  }

  /** Asks a sandbox that has just started who it is; ends it when it does not say. */
  static async open(started: StartedTestContainer): Promise<StartedSandboxContainer> {
    try {
      return new StartedSandboxContainer(
        started,
        await adminApi(() => urlOf(started, ports.admin)).identity(),
      );
    } catch (error) {
      await started.stop();
      throw error;
    }
  }

  /** The chain: a development node, so never give its URL to anything that holds real keys. */
  getRpcUrl(): string {
    return this.#url(ports.rpc);
  }

  /** The same chain, where the faults of chain and node bite. */
  getFaultyRpcUrl(): string {
    return this.#url(ports.faultyRpc);
  }

  getFacilitatorUrl(): string {
    return this.#url(ports.facilitator);
  }

  /** The reference seller; `GET /weather?city=Berlin` costs 0.001 USDC there. */
  getSellerUrl(): string {
    return this.#url(ports.seller);
  }

  getAdminUrl(): string {
    return this.#url(ports.admin);
  }

  getChainId(): number {
    return this.#identity.chainId;
  }

  /** CAIP-2 name of the chain, `eip155:<chainId>`. */
  getNetwork(): Network {
    return this.#identity.network;
  }

  /** Address of the mock USDC. */
  getAsset(): Address {
    return this.#identity.asset;
  }

  /** The payer, which holds 1000 USDC, the seller and the facilitator, with their public development keys. */
  getAccounts(): NamedAccounts {
    return this.#identity.accounts;
  }

  /**
   * Gives USDC to an account.
   *
   * @param amount atomic units, 6 decimals
   * @returns its balance now, in atomic units
   */
  fund(address: Address, amount: bigint): Promise<bigint> {
    return this.#admin.fund(address, amount);
  }

  /** The chain's time in Unix seconds. */
  getTime(): Promise<bigint> {
    return this.#admin.time();
  }

  /** Moves the chain's time forward, for good, and gives the new one in Unix seconds. */
  advanceTime(seconds: number): Promise<bigint> {
    return this.#admin.advanceTime(seconds);
  }

  /**
   * Makes something go wrong until it is used up or removed. docs/faults.md lists what there is.
   *
   * @example
   * await sandbox.addFault({ name: "settle-refuses", times: 1 });
   */
  addFault(order: FaultOrder): Promise<FaultStatus> {
    return this.#admin.addFault(order);
  }

  /** The faults that were switched on, and how often each was reached. */
  getFaults(): Promise<readonly FaultStatus[]> {
    return this.#admin.faults();
  }

  removeFault(id: number): Promise<void> {
    return this.#admin.removeFault(id);
  }

  clearFaults(): Promise<void> {
    return this.#admin.clearFaults();
  }

  #url(port: number): string {
    return urlOf(this.startedTestContainer, port);
  }
}

function urlOf(container: StartedTestContainer, port: number): string {
  return `http://${container.getHost()}:${container.getMappedPort(port)}`;
}
