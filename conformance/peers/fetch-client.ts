/**
 * The official client (`@x402/fetch`) with a signer and nothing else: its own limits on networks, assets and prices
 * stay as they come. It pays X402_URL with PAYER_PRIVATE_KEY and prints `{status, body, receipt}` as JSON.
 */
import { ExactEvmScheme } from "@x402/evm/exact/client";
import { UptoEvmScheme } from "@x402/evm/upto/client";
import { decodePaymentResponseHeader, wrapFetchWithPayment, x402Client } from "@x402/fetch";
import { type Hex, isHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { z } from "zod";

const { X402_URL, PAYER_PRIVATE_KEY } = z
  .object({ X402_URL: z.url(), PAYER_PRIVATE_KEY: z.custom<Hex>((value) => isHex(value)) })
  .parse(process.env);

const signer = privateKeyToAccount(PAYER_PRIVATE_KEY);
const client = new x402Client()
  .register("eip155:*", new ExactEvmScheme(signer))
  .register("eip155:*", new UptoEvmScheme(signer));
const response = await wrapFetchWithPayment(fetch, client)(X402_URL);
const receipt = response.headers.get("payment-response");
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
    return header === null ? null : decodePaymentResponseHeader(header);
  } catch {
    return null;
  }
}
