import type { Address, Hex, LocalAccount } from "viem";
import { generatePrivateKey } from "viem/accounts";
import { keyAccount } from "#sandbox";
import {
  type Permit,
  type PermitDomain,
  type PermitScheme,
  permit2Address,
  permit2Proxies,
  permitTypesOf,
} from "../oracles/permit2.ts";
import type { Json, JsonObject } from "../oracles/wire/index.ts";
import type { Ground } from "./ground.ts";
import { same } from "./signing.ts";

/** One thing to do differently when a permit is signed. What is changed of the permit is signed as changed. */
export interface PermitSigningChange {
  readonly permit?: (permit: Permit) => Permit;
  /** Another EIP-712 domain to sign under. */
  readonly domain?: (domain: PermitDomain) => PermitDomain;
  /** Somebody else signs in the payer's name. */
  readonly signedByStranger?: boolean;
  /** Another signature. */
  readonly signature?: (signature: Hex) => Hex;
}

/** A permit that was signed. */
export interface SignedPermit {
  /** Whose payment it is, whatever the permit says. */
  readonly payer: Address;
  readonly scheme: PermitScheme;
  readonly permit: Permit;
  readonly signature: Hex;
}

/**
 * Signs a permit as a payer does, honest but for the change. The payer must have given Permit2 its allowance.
 *
 * @throws Unproven when the run's budget is used up
 */
export async function signChangedPermit(
  { sandbox, purse }: Pick<Ground, "sandbox" | "purse">,
  payer: LocalAccount,
  scheme: PermitScheme,
  honest: Omit<Permit, "from" | "spender" | "nonce">,
  { domain = same, signature = same, signedByStranger, permit: change = same }: PermitSigningChange,
): Promise<SignedPermit> {
  const permit = change({
    ...honest,
    from: payer.address,
    spender: permit2Proxies[scheme],
    nonce: freshNonce(),
  });
  purse.take(permit.permitted.amount);
  const signer = signedByStranger ? keyAccount(generatePrivateKey()) : payer;
  const own = { name: "Permit2", chainId: sandbox.chainId, verifyingContract: permit2Address } as const;
  const { from: _, ...message } = permit;
  const common = { domain: domain(own), primaryType: "PermitWitnessTransferFrom", message } as const;
  const made =
    scheme === "upto"
      ? await signer.signTypedData({ ...common, types: permitTypesOf.upto })
      : await signer.signTypedData({ ...common, types: permitTypesOf.exact });
  return { payer: payer.address, scheme, permit, signature: signature(made) };
}

/** The payload of a payment by Permit2: the signature, and the permit with its numbers as decimal strings. */
export function permitPayload({ scheme, permit, signature }: SignedPermit): JsonObject {
  const { permitted, from, spender, nonce, deadline, witness } = permit;
  const { to, facilitator, validAfter } = witness;
  const common: Record<string, Json> = { to, validAfter: String(validAfter) };
  return {
    signature,
    permit2Authorization: {
      permitted: { token: permitted.token, amount: String(permitted.amount) },
      from,
      spender,
      nonce: String(nonce),
      deadline: String(deadline),
      witness: scheme === "upto" ? { ...common, facilitator } : common,
    },
  };
}

function freshNonce(): bigint {
  return BigInt(`0x${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("hex")}`);
}
