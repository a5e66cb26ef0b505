import { bytesToHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { toBase64Json } from "#sandbox";
import type { PayingFetchMaker } from "../../subjects/client/index.ts";
import { firstEntry, forgery, nobody } from "./messages.ts";

/** A client without a brain: it does the same whatever it is told, and must earn no pass at all. */
export interface NullClient {
  readonly id: string;
  readonly maker: PayingFetchMaker;
}

/** Sends a payment that nobody asked for along with every request. */
const payingUnasked: PayingFetchMaker = ({ privateKey }) => {
  const signer = privateKeyToAccount(privateKey);
  return async (url, init) => {
    const nonce = bytesToHex(crypto.getRandomValues(new Uint8Array(32)));
    const authorization = {
      from: signer.address,
      to: nobody,
      value: "1000",
      validAfter: "0",
      validBefore: String(Math.floor(Date.now() / 1000) + 60),
      nonce,
    };
    const signature = await signer.signMessage({ message: nonce });
    const payment = {
      x402Version: 2,
      accepted: firstEntry(forgery),
      payload: { signature, authorization },
    };
    const headers = new Headers(init?.headers);
    headers.set("payment-signature", toBase64Json(payment));
    return fetch(url, { ...init, headers });
  };
};

export const nullClients: readonly NullClient[] = [
  { id: "never-pays", maker: () => (url, init) => fetch(url, init) },
  { id: "always-pays", maker: payingUnasked },
  {
    id: "always-crashes",
    maker: () => async () => {
      throw new Error("It crashes.");
    },
  },
  { id: "always-hangs", maker: () => () => new Promise(() => {}) },
  { id: "never-asks", maker: () => async () => new Response("42") },
];
