import type { Preference } from "./choose.ts";
import type { SpendingPolicy } from "./policy.ts";
import type { Memory } from "./recall.ts";
import type { ShapeFinder } from "./request-hints.ts";
import type { SignerSources } from "./signer.ts";
import type { ClientSteps } from "./steps.ts";
import type { Transport } from "./transport.ts";

/** What all purchases of one buyer share. */
export interface Desk extends Memory {
  readonly steps: ClientSteps;
  readonly policy: SpendingPolicy;
  readonly preferences: readonly Preference[];
  readonly signers: SignerSources;
  readonly transport: Transport;
  /** Milliseconds that a signer may take. */
  readonly signerTimeout: number;
  /** How often a payment is presented again after a lost answer. */
  readonly resends: number;
  readonly findShape: ShapeFinder;
}
