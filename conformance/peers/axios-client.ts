/**
 * The official client for axios (`@x402/axios`) with a signer and nothing else. It pays X402_URL with
 * PAYER_PRIVATE_KEY and prints `{status, body, receipt}` as JSON, also of an answer that axios rejects for its status.
 */
import { decodePaymentResponseHeader, wrapAxiosWithPayment, x402Client } from "@x402/axios";
import { ExactEvmScheme } from "@x402/evm/exact/client";
import { UptoEvmScheme } from "@x402/evm/upto/client";
import axios, { type AxiosResponse, isAxiosError } from "axios";
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
const { status, headers, data } = await wrapAxiosWithPayment(axios.create(), client)
  .get<unknown>(X402_URL)
  .catch(answerOf);
console.log(JSON.stringify({ status, body: data, receipt: readable(headers["payment-response"]) }));

/** What the server answered, if anything; the error itself where it did not. */
function answerOf(error: unknown): AxiosResponse<unknown> {
  if (isAxiosError(error) && error.response !== undefined) return error.response;
  throw error;
}

/** A receipt that cannot be read is no reason to withhold what was bought. */
function readable(header: unknown) {
  try {
    return typeof header === "string" ? decodePaymentResponseHeader(header) : null;
  } catch {
    return null;
  }
}
