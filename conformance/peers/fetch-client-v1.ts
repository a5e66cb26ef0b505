/**
 * The official client of x402 v1 (`x402-fetch`) with a signer and nothing else. It pays X402_URL with
 * PAYER_PRIVATE_KEY and prints `{status, body, receipt}` as JSON.
 */
import { isHex } from "viem";
import { createSigner, decodeXPaymentResponse, wrapFetchWithPayment } from "x402-fetch";
import { z } from "zod";

const { X402_URL, PAYER_PRIVATE_KEY } = z
  .object({ X402_URL: z.url(), PAYER_PRIVATE_KEY: z.string().refine((value) => isHex(value)) })
  .parse(process.env);

const signer = await createSigner("base-sepolia", PAYER_PRIVATE_KEY);
const response = await wrapFetchWithPayment(fetch, signer)(X402_URL);
const receipt = response.headers.get("x-payment-response");
console.log(
  JSON.stringify({
    status: response.status,
    body: await response.text(),
    receipt: readable(receipt),
  }),
);

/** A receipt that cannot be read is no reason to withhold what was bought. */
function readable(header: string | null) {
  try {
    return header === null ? null : decodeXPaymentResponse(header);
  } catch {
    return null;
  }
}
