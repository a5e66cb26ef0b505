import { randomBytes } from "node:crypto";
import { type Hex, maxUint256, type PrivateKeyAccount, toHex } from "viem";
import { minedReceipt, usdcAbi, usdcDomain } from "../../chain/index.ts";
import {
  exactPermit2Proxy,
  exactPermit2TypedData,
  permit2Address,
  type UptoPermit2Authorization,
  uptoPermit2Proxy,
  uptoPermit2TypedData,
} from "../../protocol/index.ts";
import { price, type Rig } from "./rig.ts";

/** What a test changes of a good request; changes of `permit` and `chainId` are signed. */
export interface PermitChanges {
  readonly scheme?: "exact" | "upto";
  readonly requirements?: Record<string, unknown>;
  /** Differs from the requirements only here. */
  readonly accepted?: Record<string, unknown>;
  readonly permit?: Partial<Omit<UptoPermit2Authorization, "witness">>;
  readonly witness?: Partial<UptoPermit2Authorization["witness"]>;
  readonly chainId?: number;
  /** Changed after signing. */
  readonly signature?: (signature: Hex) => unknown;
}

/** A new payer that holds ten times the price and lets Permit2 take all of it. */
export async function newPermitPayer(rig: Rig): Promise<PrivateKeyAccount> {
  const payer = await rig.newPayer();
  await allowPermit2(rig, payer);
  return payer;
}

/** Sets what Permit2 may take, in atomic units, by the token's own permit (EIP-2612). */
export async function allowPermit2(rig: Rig, payer: PrivateKeyAccount, value = maxUint256): Promise<void> {
  const { asset, chainId } = rig.chain;
  const token = { address: asset, abi: usdcAbi } as const;
  const nonce = await rig.developer.readContract({
    ...token,
    functionName: "nonces",
    args: [payer.address],
  });
  const allowance = { owner: payer.address, spender: permit2Address, value, deadline: maxUint256 };
  const signature = await payer.signTypedData({
    domain: { ...usdcDomain, chainId, verifyingContract: asset },
    types: {
      Permit: [
        { name: "owner", type: "address" },
        { name: "spender", type: "address" },
        { name: "value", type: "uint256" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint256" },
      ],
    },
    primaryType: "Permit",
    message: { ...allowance, nonce },
  });
  const args = [payer.address, permit2Address, value, maxUint256, signature] as const;
  const hash = await rig.developer.writeContract({ ...token, functionName: "permit", args, chain: null });
  await minedReceipt(rig.developer, hash);
}

/** A signed request that pays by Permit2, good but for the changes. */
export async function permitRequest(rig: Rig, payer: PrivateKeyAccount, changes: PermitChanges = {}) {
  const { chain } = rig;
  const { scheme = "exact", chainId = chain.chainId } = changes;
  const isUpto = scheme === "upto";
  const facilitatorAddress = chain.accounts.facilitator.address;
  const requirements = {
    scheme,
    network: chain.network,
    amount: `${price}`,
    asset: chain.asset,
    payTo: chain.accounts.seller.address,
    maxTimeoutSeconds: 60,
    extra: isUpto ? { ...usdcDomain, facilitatorAddress } : { assetTransferMethod: "permit2" },
  };
  const permit = {
    permitted: { token: chain.asset, amount: `${price}` },
    from: payer.address,
    spender: isUpto ? uptoPermit2Proxy : exactPermit2Proxy,
    nonce: String(BigInt(toHex(randomBytes(32)))),
    deadline: `${(await chain.clock.now()) + 60n}`,
    ...changes.permit,
  };
  const witness = { to: requirements.payTo, validAfter: "0", ...changes.witness };
  const forUpto = { ...permit, witness: { facilitator: facilitatorAddress, ...witness } };
  const forExact = { ...permit, witness };
  const signature = await (isUpto
    ? payer.signTypedData(uptoPermit2TypedData(chainId, forUpto))
    : payer.signTypedData(exactPermit2TypedData(chainId, forExact)));
  return {
    x402Version: 2,
    paymentPayload: {
      x402Version: 2,
      accepted: { ...requirements, ...changes.accepted },
      payload: {
        signature: changes.signature?.(signature) ?? signature,
        permit2Authorization: isUpto ? forUpto : forExact,
      },
    },
    paymentRequirements: { ...requirements, ...changes.requirements },
  };
}
