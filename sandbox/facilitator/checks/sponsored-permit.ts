import { isAddressEqual } from "viem";
import { permit2Address } from "../../protocol/index.ts";
import type { StateSubject } from "../check.ts";
import type { PermittedPayment } from "../payment.ts";
import { settlementMarginSeconds } from "./state.ts";

/*
 * What binds the permit by which a payer allows Permit2 the amount (eip2612GasSponsoring, Verification Logic). Whether it
 * is signed is for the token to say.
 */

type SponsoredSubject = StateSubject<PermittedPayment>;

/** It is the payer's own. */
export function sponsoredPayer({ payment: { sponsored, authorization } }: SponsoredSubject) {
  if (sponsored === undefined || isAddressEqual(sponsored.from, authorization.from)) return undefined;
  return `info.from is ${sponsored.from}, the payer is ${authorization.from}`;
}

/** It is for the token that is paid with. */
export function sponsoredAsset({ payment: { sponsored, asset } }: SponsoredSubject) {
  if (sponsored === undefined || isAddressEqual(sponsored.asset, asset)) return undefined;
  return `info.asset is ${sponsored.asset}, the asset is ${asset}`;
}

/** It allows Permit2 and nobody else: the facilitator would pay for an allowance that the payment does not need. */
export function sponsoredSpender({ payment: { sponsored } }: SponsoredSubject) {
  if (sponsored === undefined || isAddressEqual(sponsored.spender, permit2Address)) return undefined;
  return `info.spender is ${sponsored.spender}, expected Permit2, ${permit2Address}`;
}

/** It allows what may be paid, neither less nor more: the proxy refuses any other. */
export function sponsoredAmount({ payment: { sponsored, permitted } }: SponsoredSubject) {
  if (sponsored === undefined || sponsored.value === permitted) return undefined;
  return `info.amount is ${sponsored.value}, permitted.amount is ${permitted}`;
}

/** Its deadline lies ahead, with {@link settlementMarginSeconds} to spare. */
export function sponsoredExpired({ payment: { sponsored }, facts }: SponsoredSubject) {
  if (sponsored === undefined || sponsored.deadline >= facts.time + settlementMarginSeconds) return undefined;
  return `info.deadline is ${sponsored.deadline}, the chain's time is ${facts.time} and ${settlementMarginSeconds} s must be left`;
}
