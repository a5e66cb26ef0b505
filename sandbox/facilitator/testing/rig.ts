import { randomBytes } from "node:crypto";
import { type Address, type Hex, toHex } from "viem";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { type Chain, type ChainDeveloper, developerOf, startChain, usdcDomain } from "../../chain/index.ts";
import {
  type Authorization,
  authorizationTypedData,
  type PaymentRequirements,
  type SettleResponse,
  settleResponseSchema,
  type TokenDomain,
  type VerifyResponse,
  verifyResponseSchema,
} from "../../protocol/index.ts";
import { type FacilitatorServerOptions, type RunningFacilitator, startFacilitator } from "../index.ts";

/** The price of every payment here, in atomic units. */
export const price = 1000n;

/** What a test changes of a good request; changes of `authorization`, `from` and `domain` are signed. */
export interface RequestChanges {
  readonly requirements?: Record<string, unknown>;
  /** Differs from the requirements only here. */
  readonly accepted?: Record<string, unknown>;
  readonly authorization?: Partial<Authorization>;
  readonly domain?: Partial<TokenDomain>;
  /** The resource and the extensions of the payment; none without it. */
  readonly declared?: { readonly resource: object; readonly extensions: object };
  /** Changed after signing. */
  readonly signature?: (signature: Hex) => unknown;
  readonly forged?: Record<string, unknown>;
}

/** A chain, a facilitator over HTTP, and requests to it. */
export interface Rig {
  readonly chain: Chain;
  readonly developer: ChainDeveloper;
  /** Starts a facilitator that ends with the rig. */
  start(options?: Partial<FacilitatorServerOptions>): Promise<RunningFacilitator>;
  /** A new payer that holds ten times the price. */
  newPayer(): Promise<PrivateKeyAccount>;
  /** A signed request, good but for the changes. */
  request(payer: PrivateKeyAccount, changes?: RequestChanges): Promise<unknown>;
  stop(): Promise<void>;
}

/** @param defaults of the facilitators that are started */
export async function startRig(defaults: Partial<FacilitatorServerOptions> = {}): Promise<Rig> {
  const chain = await startChain();
  const developer = developerOf(chain.rpcUrl);
  const running: RunningFacilitator[] = [];

  const requirements = {
    scheme: "exact",
    network: chain.network,
    amount: `${price}`,
    asset: chain.asset,
    payTo: chain.accounts.seller.address,
    maxTimeoutSeconds: 60,
    extra: usdcDomain,
  } satisfies PaymentRequirements;
  const domain: TokenDomain = { ...usdcDomain, chainId: chain.chainId, verifyingContract: chain.asset };

  return {
    chain,
    developer,
    async start(options = {}) {
      const { privateKey } = chain.accounts.facilitator;
      const facilitator = await startFacilitator({
        rpcUrl: chain.rpcUrl,
        privateKey,
        ...defaults,
        ...options,
      });
      running.push(facilitator);
      return facilitator;
    },
    async newPayer() {
      const payer = privateKeyToAccount(generatePrivateKey());
      await chain.fund(payer.address, price * 10n);
      return payer;
    },
    async request(payer, changes = {}) {
      const now = await chain.clock.now();
      const authorization: Authorization = {
        from: payer.address,
        to: requirements.payTo,
        value: requirements.amount,
        validAfter: "0",
        validBefore: `${now + 60n}`,
        nonce: toHex(randomBytes(32)),
        ...changes.authorization,
      };
      const signature = await payer.signTypedData(
        authorizationTypedData({ ...domain, ...changes.domain }, authorization),
      );
      const demanded = { ...requirements, ...changes.requirements };
      return {
        x402Version: 2,
        paymentPayload: {
          x402Version: 2,
          ...changes.declared,
          accepted: { ...demanded, ...changes.accepted },
          payload: {
            signature: changes.signature?.(signature) ?? signature,
            authorization: { ...authorization, ...changes.forged },
          },
        },
        paymentRequirements: demanded,
      };
    },
    async stop() {
      await Promise.all(running.map((facilitator) => facilitator.stop()));
      await chain.stop();
    },
  };
}

export async function verify(url: string, request: unknown): Promise<VerifyResponse> {
  return verifyResponseSchema.parse(await (await post(`${url}/verify`, JSON.stringify(request))).json());
}

export async function settle(url: string, request: unknown): Promise<SettleResponse> {
  return settleResponseSchema.parse(await (await post(`${url}/settle`, JSON.stringify(request))).json());
}

export function post(url: string, body: string, contentType = "application/json"): Promise<Response> {
  return fetch(url, { method: "POST", headers: { "content-type": contentType }, body });
}

/** What must not change when a payment is refused: money, and the facilitator's transactions. */
export async function witness({ chain }: Rig, payer: Address) {
  const [paid, received, sent] = await Promise.all([
    chain.ledger.balanceOf(payer),
    chain.ledger.balanceOf(chain.accounts.seller.address),
    chain.ledger.transactionCount(chain.accounts.facilitator.address),
  ]);
  return { paid, received, sent };
}
