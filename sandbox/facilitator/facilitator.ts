import type { Address, Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { readerOf, requireDevelopmentNode } from "../chain/index.ts";
import {
  errorReasons,
  evmNetwork,
  type Network,
  type SettleResponse,
  type SupportedResponse,
  type VerifyResponse,
} from "../protocol/index.ts";
import { openAccount } from "./account.ts";
import { connectToChain } from "./chain-connection.ts";
import type { Refusal } from "./check.ts";
import { nameOf, readPayment } from "./payment.ts";
import { openRecords } from "./records.ts";
import { invalid, notSettled, valid } from "./replies.ts";
import { examine, settleOnce, taken } from "./settlement.ts";
import { shareWork } from "./share-work.ts";
import { type Desk, type FacilitatorSteps, facilitatorSteps } from "./steps.ts";

/** How long a receipt is waited for unless told otherwise. */
const defaultSettlementTimeoutMs = 10_000;

/** How to set up a facilitator. */
export interface FacilitatorOptions {
  /** A local development node; its chain id gives the network. */
  readonly rpcUrl: string;
  /** Key of the account that sends the transfers and pays the gas. */
  readonly privateKey: Hex;
  /** SQLite file of the settlement records; in memory without it. */
  readonly databaseFile?: string | undefined;
  /** How long `/settle` waits for a receipt, in milliseconds; 10 s without it. */
  readonly settlementTimeoutMs?: number | undefined;
  /** Told of errors that the reply hides, e.g. that the node does not answer. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A facilitator of the exact scheme (EIP-3009) for every token of one chain. It answers whatever it is given. */
export interface Facilitator {
  /** The account that settles. */
  readonly address: Address;
  /** CAIP-2 name of the chain it settles on. */
  readonly network: Network;
  /** Says whether a payment could be settled now; sends nothing (x402 v2 §7.1). */
  verify(request: unknown): Promise<VerifyResponse>;
  /** Settles a payment, at most once however often it is asked (x402 v2 §7.2). */
  settle(request: unknown): Promise<SettleResponse>;
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

  async function verify(request: unknown): Promise<VerifyResponse> {
    const payment = readPayment(request, desk.network, steps.checks);
    if (!payment.ok) return invalid(payment.error);
    const earlier = desk.records.find(payment.value.key);
    const refusal = earlier ? taken(earlier) : await examine(payment.value, desk, steps);
    return refusal ? invalid(refusal, payment.value) : valid(payment.value);
  }

  async function settle(request: unknown): Promise<SettleResponse> {
    const payment = readPayment(request, desk.network, steps.checks);
    if (!payment.ok) return notSettled(payment.error, desk.network);
    const { key, fingerprint } = payment.value;
    return oneSettlementEach(nameOf(key), fingerprint, () => settleOnce(payment.value, desk, steps));
  }

  return {
    address: desk.account.address,
    network: desk.network,
    verify: (request) =>
      verify(request).catch((error: unknown) => {
        onError(error);
        return invalid(unexpected("unexpected_verify_error"));
      }),
    settle: (request) =>
      settle(request).catch((error: unknown) => {
        onError(error);
        return notSettled(unexpected("unexpected_settle_error"), desk.network);
      }),
    supported: () => ({
      kinds: [{ x402Version: 2, scheme: "exact", network: desk.network }],
      extensions: [],
      signers: { "eip155:*": [desk.account.address] },
    }),
    close,
  };
}

async function openDesk(options: FacilitatorOptions): Promise<{ desk: Desk; close(): void }> {
  const { rpcUrl, privateKey, databaseFile, settlementTimeoutMs = defaultSettlementTimeoutMs } = options;
  await requireDevelopmentNode(rpcUrl);
  const chainId = await readerOf(rpcUrl).getChainId();
  const records = openRecords(databaseFile);
  const connection = connectToChain(rpcUrl);
  const account = openAccount(privateKeyToAccount(privateKey), chainId, connection.client);
  const desk = {
    network: evmNetwork(chainId),
    chain: connection.client,
    account,
    records,
    settlementTimeoutMs,
  };
  const close = () => {
    connection.close();
    records.close();
  };
  return { desk, close };
}

/** The cause stays inside: it may name the node's URL. */
function unexpected(code: "unexpected_verify_error" | "unexpected_settle_error"): Refusal {
  return { code, message: errorReasons[code] };
}
