import type { Payment } from "../payment.ts";

/** The money goes to `payTo` and nobody else. */
export function recipient({ authorization, requirements }: Payment): string | undefined {
  if (authorization.to.toLowerCase() === requirements.payTo.toLowerCase()) return undefined;
  return `authorization.to is ${authorization.to}, payTo is ${requirements.payTo}`;
}

/** Exactly the amount: less is underpayment, more was not asked for. */
export function amount({ authorization, requirements }: Payment): string | undefined {
  if (authorization.value === BigInt(requirements.amount)) return undefined;
  return `authorization.value is ${authorization.value}, the amount is ${requirements.amount}`;
}
