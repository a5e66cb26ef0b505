/*
 * A whole client: `node sandbox/client/example.ts URL` fetches URL, pays with PAYER_PRIVATE_KEY when it is asked to,
 * and prints what it bought. A payment that fails ends it with exit code 1 and the reason.
 *
 * With RECORDS_FILE and IDEMPOTENCY_KEY it can be killed at any moment and started again without ever paying twice.
 */

import { privateKeyToAccount } from "viem/accounts";
import { isHex } from "viem/utils";
import { openBuyer, PaymentError } from "./index.ts";

const { X402_URL = "", PAYER_PRIVATE_KEY = "", RECORDS_FILE, IDEMPOTENCY_KEY } = process.env;
const url = process.argv[2] ?? X402_URL;
if (!URL.canParse(url) || !isHex(PAYER_PRIVATE_KEY)) {
  console.error("Usage: PAYER_PRIVATE_KEY=0x… node sandbox/client/example.ts URL");
  process.exit(2);
}

const buyer = openBuyer({ signer: privateKeyToAccount(PAYER_PRIVATE_KEY), recordsFile: RECORDS_FILE });
try {
  const outcome = await buyer.pay({ url, idempotencyKey: IDEMPOTENCY_KEY });
  if (outcome.kind === "paid") console.error(`Paid; transaction ${outcome.receipt.transaction ?? "unknown"}`);
  console.log(await outcome.response.text());
} catch (error) {
  if (!(error instanceof PaymentError)) throw error;
  const transaction = error.receipt?.transaction;
  const moved = `Money moved: ${error.moneyMoved}${transaction ? `, in ${transaction}` : ""}.`;
  console.error(`${error.code}: ${error.message}\n${moved} ${error.next}`);
  process.exitCode = 1;
} finally {
  buyer.close();
}
