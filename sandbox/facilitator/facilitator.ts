import type { Address, Hex } from "viem";
import { readerOf, requireDevelopmentNode } from "../chain/index.ts";
import { keyAccount } from "../key-account.ts";
import {
  errorReasons,
  evmNetwork,
  type FacilitatorRequest,
  type Network,
  type Parsed,
  type SettleResponse,
  type SupportedResponse,
  type VerifyResponse,
  v1NetworkName,
} from "../protocol/index.ts";
import { openAccount } from "./account.ts";
import { callerOf, type Receipt } from "./caller.ts";
import { connectToChain } from "./chain-connection.ts";
import type { Refusal } from "./check.ts";
import { noGlance, openGlance } from "./glance.ts";
import { oneByOne, together } from "./parcel.ts";
import { nameOf, type Payment, readPayment } from "./payment.ts";
import { openRecords } from "./records.ts";
import { invalid, notSettled, valid } from "./replies.ts";
import { examine, settleOnce, taken } from "./settlement.ts";
import { shareWork } from "./share-work.ts";
import { type Desk, type FacilitatorSteps, facilitatorSteps } from "./steps.ts";
import { hasTransferBatch } from "./transfer-batch.ts";

/** How long a receipt is waited for unless told otherwise. */
const defaultSettlementTimeoutMs = 10_000;

/** A local chain mines in less; one that mines by the clock must not hold up what is to be sent. Milliseconds. */
const patienceMs = 50;

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
 * A facilitator of the exact scheme (EIP-3009) for every token of one chain. It answers whatever it is given: a v1
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
  /** What can be paid with here (x402 v2 §7.3). */
  supported(): SupportedResponse;
  /** Closes the records and the connection; settlements in progress should have ended. */
  close(): void;
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

  function paymentIn(request: Parsed<FacilitatorRequest>): Parsed<Payment> {
    return request.ok ? readPayment(request.value, desk.network, steps.checks) : request;
  }

  async function verify(request: Parsed<FacilitatorRequest>): Promise<VerifyResponse> {
    const payment = paymentIn(request);
    if (!payment.ok) return invalid(payment.error);
    const earlier = desk.records.find(payment.value.key);
    const refusal = earlier ? taken(earlier) : await examine(payment.value, desk, steps);
    return refusal ? invalid(refusal, payment.value) : valid(payment.value);
  }

  async function settle(request: Parsed<FacilitatorRequest>): Promise<SettleResponse> {
    const payment = paymentIn(request);
    if (!payment.ok) return notSettled(payment.error, desk.network);
    const { key, fingerprint } = payment.value;
    return oneSettlementEach(nameOf(key), fingerprint, () => settleOnce(payment.value, desk, steps));
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
    settle: async (body) => {
      const caller = callerOf(body);
      const response = await settle(caller.readRequest(body)).catch((error: unknown) => {
        onError(error);
        return notSettled(unexpected("unexpected_settle_error"), desk.network);
      });
      return caller.receipt(response);
    },
    supported: () => ({
      kinds: supportedKinds(desk.network),
      extensions: [],
      signers: { "eip155:*": [desk.account.address] },
    }),
    close,
  };
}

async function openDesk(options: FacilitatorOptions): Promise<{ desk: Desk; close(): void }> {
  const {
    rpcUrl,
    rpcVia,
    privateKey,
    databaseFile,
    settlementTimeoutMs = defaultSettlementTimeoutMs,
    batching = true,
  } = options;
  await requireDevelopmentNode(rpcUrl);
  const chainId = await readerOf(rpcUrl).getChainId();
  const records = openRecords(databaseFile);
  const connection = connectToChain(rpcVia ?? (() => rpcUrl));
  const { client: chain } = connection;
  const close = () => {
    connection.close();
    records.close();
  };
  const batches = batching && (await hasTransferBatch(chain));
  const account = openAccount(keyAccount(privateKey), chain, {
    chainId,
    pack: batches ? together : oneByOne,
    patienceMs,
    settlementTimeoutMs,
  });
  const desk = {
    network: evmNetwork(chainId),
    chain,
    glance: batches ? openGlance(chain) : noGlance,
    account,
    records,
  };
  return { desk, close };
}

/** v1 cannot speak of a chain that it has no name for. */
function supportedKinds(network: Network): SupportedResponse["kinds"] {
  const kind = { x402Version: 2, scheme: "exact", network };
  const nameInV1 = v1NetworkName(network);
  return nameInV1 === undefined ? [kind] : [kind, { ...kind, x402Version: 1, network: nameInV1 }];
}

/** The cause stays inside: it may name the node's URL. */
function unexpected(code: "unexpected_verify_error" | "unexpected_settle_error"): Refusal {
  return { code, message: errorReasons[code] };
}
