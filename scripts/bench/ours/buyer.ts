/** Buys with this project's client, in the rounds that the benchmark orders. */
import { privateKeyToAccount } from "viem/accounts";
import { pay } from "#sandbox";
import { serveRounds } from "../loops/buyer.ts";

serveRounds((url, privateKey) => {
  const signer = privateKeyToAccount(privateKey);
  return async () => {
    const outcome = await pay(url, { signer, maxAmount: 1_000_000n });
    if (outcome.kind !== "paid") throw new Error(`the seller asked for no money (${outcome.kind})`);
    return outcome;
  };
});
