import { randomBytes } from "node:crypto";
import { type Address, type Hex, maxUint256, type PrivateKeyAccount, toHex } from "viem";
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
  /** Extensions of the payment. */
  readonly extensions?: Record<string, unknown>;
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
  const { permit, signature } = await signAllowance(rig, payer, { value });
  await sendAllowance(rig, permit, signature);
}

/** An allowance that its owner signs (EIP-2612). Amount in atomic units, deadline in Unix seconds. */
export interface AllowancePermit {
  readonly owner: Address;
  readonly spender: Address;
  readonly value: bigint;
  readonly nonce: bigint;
  readonly deadline: bigint;
}

/** Signs an allowance for Permit2, of the owner's next nonce and valid for ever, but for the changes. */
export async function signAllowance(
  { chain: { asset, chainId }, developer }: Rig,
  owner: PrivateKeyAccount,
  changes: Partial<AllowancePermit> & Pick<AllowancePermit, "value">,
): Promise<{ permit: AllowancePermit; signature: Hex }> {
  const nonces = { address: asset, abi: usdcAbi, functionName: "nonces", args: [owner.address] } as const;
  const nonce = await developer.readContract(nonces);
  const spender = permit2Address;
  const permit = { owner: owner.address, spender, nonce, deadline: maxUint256, ...changes };
  const signature = await owner.signTypedData({
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
    message: permit,
  });
  return { permit, signature };
}

/** Sends an allowance to the token, as anybody may. */
export async function sendAllowance(
  { chain: { asset }, developer }: Rig,
  { owner, spender, value, deadline }: AllowancePermit,
  signature: Hex,
): Promise<void> {
  const args = [owner, spender, value, deadline, signature] as const;
  const permit = { address: asset, abi: usdcAbi, functionName: "permit", args, chain: null } as const;
  await minedReceipt(developer, await developer.writeContract(permit));
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
      ...(changes.extensions && { extensions: changes.extensions }),
      payload: {
        signature: changes.signature?.(signature) ?? signature,
        permit2Authorization: isUpto ? forUpto : forExact,
      },
    },
    paymentRequirements: { ...requirements, ...changes.requirements },
  };
}
