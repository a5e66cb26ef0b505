import type { Hash } from "viem";
import type { ExtensionOutcome, Network } from "../protocol/index.ts";
import type { Sending, SettlementAccount } from "./account.ts";
import { broadcast } from "./broadcast.ts";
import { advertise, type Catalogue, type CatalogueRules, catalogueRules } from "./catalogue/index.ts";
import type { ChainClient } from "./chain-connection.ts";
import { readChainFacts } from "./chain-facts.ts";
import { type FacilitatorChecks, facilitatorChecks, firstRefusal, type Refusal } from "./check.ts";
import { type Confirmation, confirm } from "./confirm.ts";
import type { Glance } from "./glance.ts";
import type { Payment } from "./payment.ts";
import { record } from "./record.ts";
import type { SettlementRecords } from "./records.ts";
import { simulate } from "./simulate.ts";

/** What the steps work with. */
export interface Desk {
  /** CAIP-2 name of the chain that is settled on. */
  readonly network: Network;
  readonly chain: ChainClient;
  /** What the chain says of a payment against which nothing speaks. */
  readonly glance: Glance;
  readonly account: SettlementAccount;
  readonly records: SettlementRecords;
  readonly catalogue: Catalogue;
}

/** The way of a payment through the facilitator. `createFacilitator` puts the steps together. */
export interface FacilitatorSteps {
  /** The rules, as data; those that need no chain are applied while the request is read. */
  readonly checks: FacilitatorChecks;
  /** Holds the payment against the chain. */
  check(payment: Payment, desk: Desk, checks: FacilitatorChecks): Promise<Refusal | undefined>;
  /** Tries the transfer without sending it. */
  simulate(payment: Payment, desk: Desk): Promise<Refusal | undefined>;
  /** Signs the transfer, notes it and sends it. */
  broadcast(payment: Payment, desk: Desk): Promise<Sending>;
  /** Waits for the receipt and judges it. */
  confirm(payment: Payment, hash: Hash, desk: Desk): Promise<Confirmation>;
  /** Notes the outcome, so that the same payment is never sent twice. */
  record(payment: Payment, confirmation: Confirmation, desk: Desk): void;
  /** How resources are listed and told of. */
  readonly catalogueRules: CatalogueRules;
  /** Lists the resource that was paid for, if its seller declared it. Whatever becomes of it, the payment stands. */
  advertise(
    payment: Payment,
    catalogue: Catalogue,
    rules: CatalogueRules,
  ): Promise<ExtensionOutcome | undefined>;
}

/** The steps of the reference facilitator. */
export const facilitatorSteps: FacilitatorSteps = {
  checks: facilitatorChecks,
  check,
  simulate,
  broadcast,
  confirm,
  record,
  catalogueRules,
  advertise,
};

async function check(payment: Payment, desk: Desk, checks: FacilitatorChecks): Promise<Refusal | undefined> {
  const facts = await readChainFacts(payment, desk);
  const settler = desk.account.address;
  return payment.method === "permit2"
    ? firstRefusal(checks.permit2, { payment, facts, settler })
    : firstRefusal(checks.state, { payment, facts, settler });
}
