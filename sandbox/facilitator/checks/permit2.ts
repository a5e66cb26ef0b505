import { isAddressEqual } from "viem";
import type { StateSubject } from "../check.ts";
import type { PermittedPayment } from "../payment.ts";
import { proxyOf } from "../permit2.ts";
import { settlementMarginSeconds } from "./state.ts";

type PermitSubject = StateSubject<PermittedPayment>;

/**
 * The payer lets Permit2 take the amount out of its account: in general, which it does once per token, or by a permit
 * that it brings and the token takes. One that somebody else has sent meanwhile has done what it should.
 */
export function permit2Allowance({ payment, facts }: PermitSubject): string | undefined {
  const allowed = facts.token?.allowance ?? 0n;
  const { value } = payment.authorization;
  const brought = facts.token?.sponsored;
  if (allowed >= value || brought?.valid) return undefined;
  const complaint = `the payer allows Permit2 ${allowed}, the payment is ${value}`;
  return brought === undefined ? complaint : `${complaint}; ${brought.complaint}`;
}

/**
 * What is permitted is what is demanded. A charge of `upto`, when it is settled, may be any part of it (upto on EVM,
 * phase 4).
 */
export function permit2Amount(scheme: "exact" | "upto") {
  return ({ payment }: PermitSubject): string | undefined => {
    const { permitted, authorization, phase } = payment;
    if (payment.scheme !== scheme || permitted === authorization.value) return undefined;
    if (scheme === "upto" && phase === "settle" && authorization.value < permitted) return undefined;
    return `permitted.amount is ${permitted}, the amount is ${authorization.value}`;
  };
}

/** The deadline lies ahead, with {@link settlementMarginSeconds} to spare. */
export function permit2Expired({ payment, facts }: PermitSubject): string | undefined {
  const { validBefore: deadline } = payment.authorization;
  if (deadline >= facts.time + settlementMarginSeconds) return undefined;
  return `deadline is ${deadline}, the chain's time is ${facts.time} and ${settlementMarginSeconds} s must be left`;
}

/** `validAfter` has come. */
export function permit2NotYetValid({ payment, facts }: PermitSubject): string | undefined {
  const { validAfter } = payment.authorization;
  return validAfter <= facts.time
    ? undefined
    : `witness.validAfter is ${validAfter}, the chain's time is ${facts.time}`;
}

/** The permit is for the asset. */
export function permit2Token({ payment }: PermitSubject): string | undefined {
  const { token } = payment.wire.permitted;
  if (isAddressEqual(token, payment.asset)) return undefined;
  return `permitted.token is ${token}, the asset is ${payment.asset}`;
}

/** The spender is the proxy, which pays nobody but `witness.to`; a permit for anybody else binds nobody. */
export function permit2Spender({ payment }: PermitSubject): string | undefined {
  const { spender } = payment.wire;
  const proxy = proxyOf(payment);
  return isAddressEqual(spender, proxy) ? undefined : `spender is ${spender}, expected ${proxy}`;
}

/** The money goes to `payTo` and nobody else. */
export function permit2Recipient({ payment }: PermitSubject): string | undefined {
  const { authorization, requirements } = payment;
  if (authorization.to.toLowerCase() === requirements.payTo.toLowerCase()) return undefined;
  return `witness.to is ${authorization.to}, payTo is ${requirements.payTo}`;
}

/** A permit of `upto` names who may settle it: this facilitator. */
export function permit2Facilitator({ payment, settler }: PermitSubject): string | undefined {
  if (payment.scheme !== "upto") return undefined;
  const { facilitator } = payment.wire.witness;
  if (isAddressEqual(facilitator, settler)) return undefined;
  return `witness.facilitator is ${facilitator}, payments are settled by ${settler} here`;
}
