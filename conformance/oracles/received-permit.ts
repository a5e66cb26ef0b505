import { type Address, type Hex, recoverTypedDataAddress } from "viem";
import { address, hex, whole } from "./evm-fields.ts";
import { type Permit, type PermitDomain, type PermitScheme, permitTypesOf } from "./permit2.ts";
import { describeJson, field, type Json } from "./wire/index.ts";

/** A permit as it came over the wire, signed. It names a facilitator where it is for `upto`. */
export interface ReceivedPermit extends Omit<Permit, "witness"> {
  readonly witness: Omit<Permit["witness"], "facilitator"> & { readonly facilitator?: Address };
  readonly signature: Hex;
}

export type PermitReading =
  | { readonly kind: "malformed"; readonly problem: string }
  | { readonly kind: "permit"; readonly permit: ReceivedPermit };

/**
 * Reads `payload` of a payment by Permit2, of either scheme. Numbers may be JSON numbers: what a rule has to say about
 * that is not for the reader to decide.
 */
export function readPermit(payload: Json | undefined): PermitReading {
  const told = field(payload, "permit2Authorization");
  const permitted = field(told, "permitted");
  const witness = field(told, "witness");
  const token = address(field(permitted, "token"));
  const amount = whole(field(permitted, "amount"));
  const from = address(field(told, "from"));
  const spender = address(field(told, "spender"));
  const nonce = whole(field(told, "nonce"));
  const deadline = whole(field(told, "deadline"));
  const to = address(field(witness, "to"));
  const facilitator = address(field(witness, "facilitator"));
  const validAfter = whole(field(witness, "validAfter"));
  const signature = hex(field(payload, "signature"));
  if (
    token === undefined ||
    amount === undefined ||
    from === undefined ||
    spender === undefined ||
    nonce === undefined ||
    deadline === undefined ||
    to === undefined ||
    validAfter === undefined ||
    signature === undefined
  ) {
    const parts = [payload, told, permitted, witness].map(describeJson);
    const problem = `payload is ${parts[0]}, its permit ${parts[1]}, permitted ${parts[2]}, the witness ${parts[3]}`;
    return { kind: "malformed", problem };
  }
  return {
    kind: "permit",
    permit: {
      permitted: { token, amount },
      from,
      spender,
      nonce,
      deadline,
      witness: { to, validAfter, ...(facilitator !== undefined && { facilitator }) },
      signature,
    },
  };
}

/** Who signed the permit for a scheme, under this domain; `undefined` when the signature is none of a key holder. */
export async function permitSignerOf(
  { signature, from: _, witness, ...permit }: ReceivedPermit,
  scheme: PermitScheme,
  domain: PermitDomain,
): Promise<Address | undefined> {
  const common = { domain, primaryType: "PermitWitnessTransferFrom", signature } as const;
  const { to, validAfter, facilitator } = witness;
  try {
    if (scheme === "exact") {
      const message = { ...permit, witness: { to, validAfter } };
      return await recoverTypedDataAddress({ ...common, types: permitTypesOf.exact, message });
    }
    if (facilitator === undefined) return undefined;
    const message = { ...permit, witness: { to, facilitator, validAfter } };
    return await recoverTypedDataAddress({ ...common, types: permitTypesOf.upto, message });
  } catch {
    return undefined;
  }
}
