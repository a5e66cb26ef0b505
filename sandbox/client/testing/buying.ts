import { privateKeyToAccount } from "viem/accounts";
import { onTestFinished } from "vitest";
import { namedAccounts } from "../../chain/index.ts";
import { type Buyer, type BuyerOptions, openBuyer } from "../buyer.ts";
import { PaymentError } from "../payment-error.ts";
import type { Ready } from "../prepared.ts";
import type { RequestToPay } from "../request.ts";
import type { Signer } from "../signer.ts";
import { type Script, type ScriptedSeller, startScriptedSeller } from "./scripted-seller.ts";

const payer = privateKeyToAccount(namedAccounts.payer.privateKey);

/** The payer's account, counting what it signs. */
export function countingSigner() {
  const signer = {
    signed: 0,
    address: payer.address,
    signTypedData(typedData: Parameters<Signer["signTypedData"]>[0]) {
      signer.signed += 1;
      return payer.signTypedData(typedData);
    },
  };
  return signer;
}

/** A scripted seller that closes with the test. */
export async function sellerOf(script?: Script): Promise<ScriptedSeller> {
  const seller = await startScriptedSeller(script);
  onTestFinished(() => seller.close());
  return seller;
}

/** A buyer that closes with the test. */
export function buyerOf(options: BuyerOptions): Buyer {
  const buyer = openBuyer(options);
  onTestFinished(() => buyer.close());
  return buyer;
}

/** Prepares a request that has to be ready. */
export async function readyFor(buyer: Buyer, request: RequestToPay): Promise<Ready> {
  const prepared = await buyer.prepare(request);
  if (prepared.kind !== "ready") throw new Error(prepared.kind, { cause: prepared });
  return prepared;
}

/** The error of something that has to fail with a PaymentError. */
export async function failureOf(attempt: Promise<unknown>): Promise<PaymentError> {
  const outcome = await attempt.catch((error: unknown) => error);
  if (!(outcome instanceof PaymentError)) throw new Error("expected a PaymentError", { cause: outcome });
  return outcome;
}

/** The values of the headers that paid. */
export function paymentsOf({ received }: ScriptedSeller): string[] {
  return received.flatMap(({ paymentHeader }) => (paymentHeader === undefined ? [] : [paymentHeader]));
}
