/*
 * A whole client: `node sandbox/client/example.ts URL` fetches URL, pays with PAYER_PRIVATE_KEY when it is asked to,
 * and prints what it bought. A payment that fails ends it with exit code 1 and the reason.
 */
import { isHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { PaymentError, pay } from "./index.ts";

const { X402_URL = "", PAYER_PRIVATE_KEY = "" } = process.env;
const url = process.argv[2] ?? X402_URL;
if (!URL.canParse(url) || !isHex(PAYER_PRIVATE_KEY)) {
  console.error("Usage: PAYER_PRIVATE_KEY=0x… node sandbox/client/example.ts URL");
  process.exit(2);
}

try {
  const outcome = await pay(url, { signer: privateKeyToAccount(PAYER_PRIVATE_KEY) });
  if (outcome.kind === "paid") console.error(`Paid; transaction ${outcome.receipt?.transaction ?? "unknown"}`);
  if (outcome.kind !== "dry-run") console.log(await outcome.response.text());
} catch (error) {
  if (!(error instanceof PaymentError)) throw error;
  console.error(`${error.code}: ${error.message}\nMoney moved: ${error.moneyMoved}. ${error.next}`);
  process.exit(1);
}
