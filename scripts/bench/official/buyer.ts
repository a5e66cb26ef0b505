/** Buys with the official client, set up as its documentation says, in the rounds that the benchmark orders. */
import { ExactEvmScheme } from "@x402/evm/exact/client";
import { decodePaymentResponseHeader, wrapFetchWithPaymentFromConfig } from "@x402/fetch";
import { privateKeyToAccount } from "viem/accounts";
import { serveRounds } from "../loops/buyer.ts";

serveRounds((url, privateKey) => {
  const client = new ExactEvmScheme(privateKeyToAccount(privateKey));
  const fetchWithPayment = wrapFetchWithPaymentFromConfig(fetch, {
    schemes: [{ network: "eip155:*", client }],
  });
  return async () => {
    const response = await fetchWithPayment(url);
    const receipt = response.headers.get("PAYMENT-RESPONSE");
    return { response, receipt: receipt === null ? undefined : decodePaymentResponseHeader(receipt) };
  };
});
