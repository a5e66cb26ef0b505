import { Finding, field } from "../../engine/index.ts";
import {
  type Case,
  type Check,
  charged,
  defineCase,
  expectField,
  type Observed,
  type PermitMethod,
  provided,
  receipt,
  served,
} from "../../engine/seller/index.ts";
import { buyEverything, leads, soldByPermit } from "./permit-sale.ts";

/** What a buyer by Permit2 is told of its payment, whatever it buys. */
export function permitReceiptCases(method: PermitMethod): readonly Case[] {
  return [
    defineCase({
      id: `seller.${method}.receipt`,
      requirement: "S-ORD-08",
      title: `${leads[method]}: PAYMENT-RESPONSE says success, and names the transfer and no other payer or amount`,
      needs: [method],
      control: soldByPermit(method),
      probe: (t) => buyEverything(t, method, provided(served), ofThisPayment),
    }),
    defineCase({
      id: `seller.${method}.receipt-network`,
      requirement: "S-ORD-09",
      title: `${leads[method]}: The receipt's network is the CAIP-2 name of the accepted one`,
      needs: [method],
      control: soldByPermit(method),
      probe: (t) => {
        const { network } = t.context.sandbox;
        const namesIt = receipt((r) => expectField(r, "network", network, (value) => value === network));
        return buyEverything(t, method, provided(served), provided(charged), aReceipt, namesIt);
      },
    }),
  ];
}

/** That there is a receipt at all is judged by a case of its own. */
const aReceipt = provided(receipt(() => {}));

const ofThisPayment: Check = async (observed) => {
  await receipt((r, { payment }) => {
    expectField(r, "success", "true", (value) => value === true);
    if (payment === undefined) throw new Error("The case paid without a payment.");
    const payer = payment.payer.toLowerCase();
    expectField(r, "payer", payer, (named) => named === undefined || String(named).toLowerCase() === payer);
    // What `upto` charges, its own cases hold against the chain.
    if (payment.method === "upto") return;
    const amount = String(payment.amount);
    expectField(r, "amount", amount, (named) => named === undefined || String(named) === amount);
  })(observed);
  await provided(charged)(observed);
  await namesTheTransfer(observed);
};

/** Where nothing was charged, what stands for a transaction is another case's. */
async function namesTheTransfer(observed: Observed): Promise<void> {
  const [transfer] = await observed.transfers();
  if (transfer === undefined) return;
  await receipt((r) => {
    const transaction = field(r, "transaction");
    if (typeof transaction === "string" && transaction.toLowerCase() === transfer.transaction) return;
    throw new Finding(
      "The receipt does not name the transaction that moved the money.",
      transfer.transaction,
      JSON.stringify(transaction ?? null),
    );
  })(observed);
}
