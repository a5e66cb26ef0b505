import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEther } from "viem";
import {
  derivePayer,
  developerOf,
  type FacilitatorSteps,
  type InterceptCall,
  type SandboxDescription,
  startFacilitator,
} from "#sandbox";
import type { FacilitatorSetup } from "../engine/facilitator/index.ts";
import { startControl } from "./control.ts";

/** A facilitator under test that can be reached, and ended if it was started here. */
export interface FacilitatorSubject {
  readonly setup: FacilitatorSetup;
  /** What to tell of each time that it ended without being told to; of one that was started by a command. */
  readonly accidents?: () => readonly string[];
  stop(): Promise<void>;
}

/** In what a facilitator differs from the reference; nothing of it is given for the reference itself. */
export interface FacilitatorVariation {
  readonly steps?: FacilitatorSteps;
  /** Stands before the facilitator and may answer in its place. */
  readonly intercept?: InterceptCall;
  /** Remembers nothing over a restart. */
  readonly forgetful?: true;
}

/** How long it waits for a receipt, in milliseconds: long enough on a chain that mines at once, and soon told when not. */
const settlementTimeoutMs = 1_000;

/** Ether that an account which pays for gas starts with. */
const gasMoney = parseEther("100");

/** An account that has gas and that nobody else sends from: a facilitator under test settles with it. */
export async function settlementAccount({ rpcUrl }: SandboxDescription, label: string) {
  const account = derivePayer("settlement account", label);
  await developerOf(rpcUrl).setBalance({ address: account.address, value: gasMoney });
  return account;
}

/**
 * The reference facilitator in this process, on a port and with an account of its own; with a variation, a
 * mutant of it.
 *
 * @throws Problem `port-in-use`
 */
export async function startReferenceFacilitator(
  sandbox: SandboxDescription,
  name = "reference facilitator",
  { forgetful, ...variation }: FacilitatorVariation = {},
): Promise<FacilitatorSubject> {
  const { privateKey } = await settlementAccount(sandbox, name);
  const folder = await mkdtemp(join(tmpdir(), "x402-assay-facilitator-"));
  const databaseFile = forgetful ? undefined : join(folder, "records.sqlite");
  const options = {
    rpcUrl: sandbox.faultyRpcUrl,
    privateKey,
    databaseFile,
    settlementTimeoutMs,
    ...variation,
  };
  let facilitator = await startFacilitator(options);
  const { url } = facilitator;
  const control = await startControl(async () => {
    await facilitator.stop();
    facilitator = await startFacilitator({ ...options, port: Number(new URL(url).port) });
  });
  return {
    setup: { name, url, restartUrl: control.restartUrl },
    async stop() {
      await control.stop();
      await facilitator.stop();
      await rm(folder, { recursive: true });
    },
  };
}
