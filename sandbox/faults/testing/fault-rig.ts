import { privateKeyToAccount } from "viem/accounts";
import { Journal, observe } from "../../admin/index.ts";
import { type ChainOptions, derivePayer, startChain, usdcDomain } from "../../chain/index.ts";
import { type FacilitatorServerOptions, startFacilitator } from "../../facilitator/index.ts";
import { authorizationTypedData } from "../../protocol/index.ts";
import { FaultBoard, faultedChain, startRpcFront } from "../index.ts";

export type FaultRig = Awaited<ReturnType<typeof startFaultRig>>;

/** What a facilitator's answer was, or that it closed the connection. */
type FacilitatorAnswer =
  | {
      readonly status: number;
      readonly type: string;
      readonly text: string;
      readonly json: unknown;
      /** The decoded header, where there is one. */
      readonly extensionResponses?: unknown;
    }
  | { readonly hungUp: true };

/** A chain and a facilitator with faults around it, as in the sandbox. */
export async function startFaultRig(
  options: Partial<FacilitatorServerOptions> = {},
  chainOptions: ChainOptions = {},
) {
  const chain = await startChain(chainOptions);
  const faulted = faultedChain(chain);
  const faults = new FaultBoard(faulted);
  const front = await startRpcFront(faults, faulted);
  const journal = new Journal();
  const facilitator = await startFacilitator({
    rpcUrl: chain.rpcUrl,
    privateKey: chain.accounts.facilitator.privateKey,
    rpcVia: () => (faults.isOnChain ? front.url : chain.rpcUrl),
    intercept: observe(faults, journal),
    ...options,
  });
  let payments = 0;

  /** A good payment of a payer of its own. */
  async function payment() {
    payments += 1;
    const amount = 1000n + BigInt(payments);
    const payer = derivePayer("faults", `${payments}`);
    await chain.fund(payer.address, amount);
    const requirements = {
      scheme: "exact",
      network: chain.network,
      amount: `${amount}`,
      asset: chain.asset,
      payTo: chain.accounts.seller.address,
      maxTimeoutSeconds: 60,
      extra: usdcDomain,
    };
    const authorization = {
      from: payer.address as string,
      to: requirements.payTo,
      value: requirements.amount,
      validAfter: "0",
      validBefore: `${(await chain.clock.now()) + 60n}`,
      nonce: payer.privateKey,
    };
    const domain = { ...usdcDomain, chainId: chain.chainId, verifyingContract: chain.asset };
    const signature = await privateKeyToAccount(payer.privateKey).signTypedData(
      authorizationTypedData(domain, { ...authorization, from: payer.address }),
    );
    const request = {
      x402Version: 2,
      paymentPayload: { x402Version: 2, accepted: requirements, payload: { signature, authorization } },
      paymentRequirements: requirements,
    };
    return { payer: payer.address, amount, request };
  }

  return {
    chain,
    front,
    faults,
    journal,
    payment,
    call: (endpoint: "verify" | "settle", { request }: { request: unknown }) =>
      ask(`${facilitator.url}/${endpoint}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(request),
      }),
    supported: () => ask(`${facilitator.url}/supported`),
    /** How much the payment has moved by now. */
    async moved({ payer }: { payer: `0x${string}` }): Promise<bigint> {
      const transfers = await chain.ledger.transfersFrom(payer, { after: 0n });
      return transfers.reduce((sum, { value }) => sum + value, 0n);
    },
    async stop() {
      await facilitator.stop();
      await front.stop();
      await chain.stop();
    },
  };
}

async function ask(url: string, init?: RequestInit): Promise<FacilitatorAnswer> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch {
    return { hungUp: true };
  }
  const text = await response.text();
  const type = response.headers.get("content-type") ?? "";
  const json = type.startsWith("application/json") ? parsed(text) : undefined;
  const header = response.headers.get("extension-responses");
  const extensionResponses = header === null ? undefined : parsed(Buffer.from(header, "base64").toString());
  return { status: response.status, type, text, json, extensionResponses };
}

/** JSON, or nothing where a fault broke it off. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
