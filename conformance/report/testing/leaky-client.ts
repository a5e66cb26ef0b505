import { privateKeyToAccount } from "viem/accounts";
import { z } from "zod";
import { payingFetch } from "#sandbox";

/* A client that pays, and prints its environment, with the key of its payer, and more. */
const { PAYER_PRIVATE_KEY, X402_URL } = z
  .object({ PAYER_PRIVATE_KEY: z.templateLiteral(["0x", z.string()]), X402_URL: z.url() })
  .parse(process.env);

const fetch = payingFetch({ signer: privateKeyToAccount(PAYER_PRIVATE_KEY), maxAmount: 10_000n });
console.log(`I sign with ${PAYER_PRIVATE_KEY}`);
const answer = await fetch(X402_URL, { headers: { authorization: "Bearer planted-bearer-token" } });
console.log(answer.status, await answer.text(), process.env);
