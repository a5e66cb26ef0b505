import type { Address } from "viem";
import { bytesToHex } from "viem/utils";
import type { Authorization } from "../protocol/index.ts";
import type { Choice } from "./supported-entry.ts";

/**
 * The transfer to be signed: exactly the amount asked, to exactly the payee asked, under a random nonce. Where Permit2
 * makes it, the same is signed in the words of `permit.ts`.
 *
 * `validAfter` is 0: the authorization is meant for now, and a chain whose clock lags must not refuse it.
 * `validBefore` is `now` (Unix seconds) plus the entry's bounded lifetime.
 */
export function authorize(choice: Choice, payer: Address, now: number): Authorization {
  return {
    from: payer,
    to: choice.payTo,
    value: String(choice.amount),
    validAfter: "0",
    validBefore: String(now + choice.lifetime),
    nonce: bytesToHex(crypto.getRandomValues(new Uint8Array(32))),
  };
}
