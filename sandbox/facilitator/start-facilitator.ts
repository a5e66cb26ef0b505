import type { Address } from "viem";
import { listen } from "../listen.ts";
import { createFacilitator, type FacilitatorOptions } from "./facilitator.ts";
import { facilitatorServer, type InterceptCall } from "./server.ts";
import type { FacilitatorSteps } from "./steps.ts";

/** How to start a facilitator as a server. */
export interface FacilitatorServerOptions extends FacilitatorOptions {
  /** IP address to listen on, `0.0.0.0` for all interfaces; 127.0.0.1 unless told. */
  readonly host?: string | undefined;
  /** 0, or nothing, for a free one. */
  readonly port?: number | undefined;
  /** Replaces steps of the reference. */
  readonly steps?: FacilitatorSteps | undefined;
  /** Sees every verify and settle, and may answer in place of the facilitator. */
  readonly intercept?: InterceptCall | undefined;
}

/** A facilitator that listens. */
export interface RunningFacilitator {
  readonly url: string;
  /** The account that settles. */
  readonly address: Address;
  /** Answers what is in progress, then closes server, records and connection. May be called again. */
  stop(): Promise<void>;
}

/**
 * Starts a facilitator.
 *
 * @throws Problem `not-a-development-chain`, `port-in-use`, `config` (the records cannot be opened)
 * @example
 * const facilitator = await startFacilitator({ rpcUrl: chain.rpcUrl, privateKey: chain.accounts.facilitator.privateKey });
 */
export async function startFacilitator(options: FacilitatorServerOptions): Promise<RunningFacilitator> {
  const facilitator = await createFacilitator(options, options.steps);
  const server = facilitatorServer(facilitator, options.intercept);
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    await server.close();
    facilitator.close();
  };
  try {
    const url = await listen(server, { host: options.host, port: options.port, flag: "--facilitator-port" });
    return { url, address: facilitator.address, stop: () => (stopped ??= stop()) };
  } catch (error) {
    await stop();
    throw error;
  }
}
