/** Buys with this project's client, in the rounds that the benchmark orders. */
import { keyAccount, openBuyer } from "#sandbox";
import { serveRounds } from "../loops/buyer.ts";

serveRounds((url, privateKey) => {
  const buyer = openBuyer({ signer: keyAccount(privateKey), maxAmount: 1_000_000n });
  return async () => {
    const outcome = await buyer.pay(url);
    if (outcome.kind !== "paid") throw new Error(`the seller asked for no money (${outcome.kind})`);
    return { response: outcome.response, receipt: outcome.receipt.settlement };
  };
});
