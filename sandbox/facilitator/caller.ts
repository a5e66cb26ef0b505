import { z } from "zod";
import {
  addressSchema,
  type FacilitatorRequest,
  isFacilitatorRequestV1,
  type Network,
  type Parsed,
  parseFacilitatorRequest,
  parseFacilitatorRequestV1,
  receiptToV1,
  type SettleResponse,
  type SettleResponseV1,
  type VerifyResponse,
  v1NetworkName,
  verificationToV1,
} from "../protocol/index.ts";

/** What a caller is told of a settlement, in its own version. */
export type Receipt = SettleResponse | SettleResponseV1;

/** The version that a caller speaks: it is translated here, at the edge; within there is v2 only. */
export interface Caller {
  readRequest(body: unknown): Parsed<FacilitatorRequest>;
  verification(response: VerifyResponse): VerifyResponse;
  receipt(response: SettleResponse): Receipt;
  /** What the caller calls a network. */
  networkName(network: Network): string;
}

const callerV2: Caller = {
  readRequest: parseFacilitatorRequest,
  verification: (response) => response,
  receipt: (response) => response,
  networkName: (network) => network,
};

/** Recognizes the caller of `/verify` or `/settle` by its body. What is neither v1 nor v2 is refused as v2. */
export function callerOf(body: unknown): Caller {
  return isFacilitatorRequestV1(body) ? callerV1(body) : callerV2;
}

/** Every v1 receipt names the payer (x402 v1 §5.3.2), so a refused payment's is taken from what was sent. */
function callerV1(body: unknown): Caller {
  return {
    readRequest: parseFacilitatorRequestV1,
    verification: verificationToV1,
    receipt: (response) => ({ ...claimedPayer(body), ...receiptToV1(response) }),
    networkName: (network) => v1NetworkName(network) ?? "",
  };
}

const payerSchema = z.object({
  paymentPayload: z.object({ payload: z.object({ authorization: z.object({ from: addressSchema }) }) }),
});

function claimedPayer(body: unknown): { payer?: string } {
  const parsed = payerSchema.safeParse(body);
  return parsed.success ? { payer: parsed.data.paymentPayload.payload.authorization.from } : {};
}
