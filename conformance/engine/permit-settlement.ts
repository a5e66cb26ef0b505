import { type Address, encodeFunctionData, type Hex, parseAbi } from "viem";
import { type PermitScheme, permit2Proxies } from "../oracles/permit2.ts";
import type { ReceivedPermit } from "../oracles/received-permit.ts";

const permitStructs = [
  "struct TokenPermissions { address token; uint256 amount; }",
  "struct PermitTransferFrom { TokenPermissions permitted; uint256 nonce; uint256 deadline; }",
] as const;

const exactAbi = parseAbi([
  ...permitStructs,
  "struct Witness { address to; uint256 validAfter; }",
  "function settle(PermitTransferFrom permit, address owner, Witness witness, bytes signature)",
]);

const uptoAbi = parseAbi([
  ...permitStructs,
  "struct Witness { address to; address facilitator; uint256 validAfter; }",
  "function settle(PermitTransferFrom permit, uint256 amount, address owner, Witness witness, bytes signature)",
]);

/** A transaction that settles a permit. */
export interface SettlementCall {
  readonly to: Address;
  readonly data: Hex;
}

/**
 * The call of the scheme's proxy that takes `charge` atomic units with a permit; of `exact`, all that was permitted. Only
 * the facilitator that was signed for may send it for `upto`.
 */
export function settlementCall(scheme: PermitScheme, permit: ReceivedPermit, charge: bigint): SettlementCall {
  const { permitted, from, nonce, deadline, witness, signature } = permit;
  const signed = { permitted, nonce, deadline };
  const { to, facilitator = from, validAfter } = witness;
  const functionName = "settle";
  const data =
    scheme === "exact"
      ? encodeFunctionData({
          abi: exactAbi,
          functionName,
          args: [signed, from, { to, validAfter }, signature],
        })
      : encodeFunctionData({
          abi: uptoAbi,
          functionName,
          args: [signed, charge, from, { to, facilitator, validAfter }, signature],
        });
  return { to: permit2Proxies[scheme], data };
}
