import { encodeFunctionData } from "viem";
import { authorizedCall, type ContractCall } from "./eip3009.ts";
import type { Payment } from "./payment.ts";
import { permitTransfer } from "./permit2.ts";

/** The call that moves the money, of the token itself or of a proxy of Permit2. */
export function transferCall(payment: Payment): ContractCall {
  if (payment.method === "eip3009") return authorizedCall(payment);
  const { address, ...call } = permitTransfer(payment);
  return { to: address, data: encodeFunctionData(call) };
}
