import type { Address, Hex } from "viem";
import {
  bazaarKey,
  type DiscoveryPage,
  type ExtensionOutcomes,
  eip2612GasSponsoringKey,
  errorReasons,
  type FacilitatorRequest,
  type Network,
  type Parsed,
  type SettleResponse,
  type SupportedResponse,
  understood,
  type VerifyResponse,
  v1NetworkName,
} from "../protocol/index.ts";
import { callerOf, type Receipt } from "./caller.ts";
import type { Refusal } from "./check.ts";
import { openDesk } from "./open-desk.ts";
import { nameOf, type Payment, type Phase, readPayment } from "./payment.ts";
import { invalid, notSettled, valid } from "./replies.ts";
import { examine, settleOnce, taken } from "./settlement.ts";
import { shareWork } from "./share-work.ts";
import { type FacilitatorSteps, facilitatorSteps } from "./steps.ts";

/** How to set up a facilitator. */
export interface FacilitatorOptions {
  /** A local development node; its chain id gives the network. */
  readonly rpcUrl: string;
  /** Where to send the next calls of the same chain, asked before each; `rpcUrl` without it. */
  readonly rpcVia?: (() => string) | undefined;
  /** Key of the account that sends the transfers and pays the gas. */
  readonly privateKey: Hex;
  /** SQLite file of the settlement records; in memory without it. */
  readonly databaseFile?: string | undefined;
  /** How long `/settle` waits for a receipt, in milliseconds; 10 s without it. */
  readonly settlementTimeoutMs?: number | undefined;
  /**
   * Look at and settle payments together that come together: one call and one transaction for many. Yes unless told,
   * where the chain has the contract for it, as those of the sandbox do.
   */
  readonly batching?: boolean | undefined;
  /** Told of errors that the reply hides, e.g. that the node does not answer. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/**
 * A facilitator of the schemes exact (EIP-3009, Permit2) and upto (Permit2) for every token of one chain. It answers whatever it is given: a v1
 * request in v1, any other in v2.
 */
export interface Facilitator {
  /** The account that settles. */
  readonly address: Address;
  /** CAIP-2 name of the chain it settles on. */
  readonly network: Network;
  /** Says whether a payment could be settled now; sends nothing (x402 v2 §7.1, v1 §7.1). */
  verify(body: unknown): Promise<VerifyResponse>;
  /** Settles a payment, at most once however often it is asked, and in either version (x402 v2 §7.2, v1 §7.2). */
  settle(body: unknown): Promise<Receipt>;
  /** Settles, and tells what became of the payment's extensions: for the seller, never for the buyer (x402 v2 §7.2.1). */
  settleForSeller(body: unknown): Promise<SettlementForSeller>;
  /** What can be paid with here (x402 v2 §7.3). */
  supported(): SupportedResponse;
  /** Lists the resources that were paid for here and declared by their sellers (x402 v2 §8, bazaar). */
  discover(query: unknown): Parsed<DiscoveryPage>;
  /** Closes the records and the connection; settlements in progress should have ended. */
  close(): void;
}

/** A receipt, which goes on to the buyer, and what does not. */
export interface SettlementForSeller {
  readonly receipt: Receipt;
  readonly outcomes: ExtensionOutcomes;
}

/**
 * Sets up a facilitator in this process. `steps` replaces any of its steps.
 *
 * @throws Problem `not-a-development-chain`, `config` (the records cannot be opened)
 * @example
 * const facilitator = await createFacilitator({ rpcUrl: chain.rpcUrl, privateKey });
 * const receipt = await facilitator.settle({ x402Version: 2, paymentPayload, paymentRequirements });
 */
export async function createFacilitator(
  options: FacilitatorOptions,
  steps: FacilitatorSteps = facilitatorSteps,
): Promise<Facilitator> {
  const { onError = () => undefined } = options;
  const { desk, close } = await openDesk(options);
  const oneSettlementEach = shareWork<SettleResponse>();

  function paymentIn(request: Parsed<FacilitatorRequest>, phase: Phase): Parsed<Payment> {
    return request.ok ? readPayment(request.value, desk.network, steps.checks, phase) : request;
  }

  async function verify(request: Parsed<FacilitatorRequest>): Promise<VerifyResponse> {
    const payment = paymentIn(request, "verify");
    if (!payment.ok) return invalid(payment.error);
    const earlier = desk.records.find(payment.value.key);
    const refusal = earlier ? taken(earlier) : await examine(payment.value, desk, steps);
    return refusal ? invalid(refusal, payment.value) : valid(payment.value);
  }

  async function settle(payment: Parsed<Payment>): Promise<SettleResponse> {
    if (!payment.ok) return notSettled(payment.error, desk.network);
    const { key, fingerprint } = payment.value;
    return oneSettlementEach(nameOf(key), fingerprint, () => settleOnce(payment.value, desk, steps));
  }

  /** Whatever becomes of an extension, the payment stands. */
  async function outcomesOf(payment: Payment): Promise<ExtensionOutcomes> {
    try {
      const listed = await steps.advertise(payment, desk.catalogue, steps.catalogueRules);
      return listed === undefined ? {} : { [bazaarKey]: listed };
    } catch (error) {
      onError(error);
      return { [bazaarKey]: { status: "rejected", rejectedReason: "it could not be listed" } };
    }
  }

  async function settleForSeller(body: unknown): Promise<SettlementForSeller> {
    const caller = callerOf(body);
    try {
      const payment = paymentIn(caller.readRequest(body), "settle");
      const response = await settle(payment);
      const outcomes = payment.ok && response.success ? await outcomesOf(payment.value) : {};
      return { receipt: caller.receipt(response), outcomes };
    } catch (error) {
      onError(error);
      const response = notSettled(unexpected("unexpected_settle_error"), desk.network);
      return { receipt: caller.receipt(response), outcomes: {} };
    }
  }

  return {
    address: desk.account.address,
    network: desk.network,
    verify: async (body) => {
      const caller = callerOf(body);
      const response = await verify(caller.readRequest(body)).catch((error: unknown) => {
        onError(error);
        return invalid(unexpected("unexpected_verify_error"));
      });
      return caller.verification(response);
    },
    settle: async (body) => (await settleForSeller(body)).receipt,
    settleForSeller,
    supported: () => ({
      kinds: supportedKinds(desk.network, desk.account.address),
      extensions: [bazaarKey, eip2612GasSponsoringKey],
      signers: { "eip155:*": [desk.account.address] },
    }),
    discover: (query) => {
      const request = steps.catalogueRules.readPageRequest(query);
      return request.ok ? understood(desk.catalogue.page(request.value)) : request;
    },
    close,
  };
}

/** v1 cannot speak of a chain that it has no name for. */
function supportedKinds(network: Network, facilitatorAddress: Address): SupportedResponse["kinds"] {
  const exact = { x402Version: 2, scheme: "exact", network };
  const upto = { x402Version: 2, scheme: "upto", network, extra: { facilitatorAddress } };
  const nameInV1 = v1NetworkName(network);
  return nameInV1 === undefined
    ? [exact, upto]
    : [exact, upto, { ...exact, x402Version: 1, network: nameInV1 }];
}

/** The cause stays inside: it may name the node's URL. */
function unexpected(code: "unexpected_verify_error" | "unexpected_settle_error"): Refusal {
  return { code, message: errorReasons[code] };
}
