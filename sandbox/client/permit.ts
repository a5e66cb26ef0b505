import type { TypedDataDefinition } from "viem";
import { hexToBigInt } from "viem/utils";
import {
  type Authorization,
  exactPermit2TypedData,
  type Permit2Authorization,
  uptoPermit2TypedData,
} from "../protocol/index.ts";
import type { PermittedEntry } from "./supported-entry.ts";

/** The permit by which Permit2 makes a transfer: the same terms in its own words (exact on EVM, §2; upto on EVM). */
export function permitOf(
  { asset, spender, facilitator }: Pick<PermittedEntry, "asset" | "spender" | "facilitator">,
  { from, to, value, validAfter, validBefore, nonce }: Authorization,
): Permit2Authorization {
  const permit = {
    permitted: { token: asset, amount: value },
    from,
    spender,
    nonce: String(hexToBigInt(nonce)),
    deadline: validBefore,
    witness: { to, validAfter },
  };
  return facilitator === undefined ? permit : { ...permit, witness: { ...permit.witness, facilitator } };
}

/** What is signed (EIP-712) for Permit2 to make a transfer. */
export function permitTypedData(entry: PermittedEntry, transfer: Authorization): TypedDataDefinition {
  const { chainId } = entry;
  const { witness, ...permit } = permitOf(entry, transfer);
  return "facilitator" in witness
    ? uptoPermit2TypedData(chainId, { ...permit, witness })
    : exactPermit2TypedData(chainId, { ...permit, witness });
}
