import { Difference, Finding, field, Unproven } from "../../engine/index.ts";
import {
  type Case,
  type Check,
  defineCase,
  expectField,
  provided,
  receipt,
  served,
  settled,
} from "../../engine/seller/index.ts";
import { requirePadding } from "./padding.ts";
import { aSale } from "./sale.ts";

/** That there is a receipt at all is judged by a case of its own. */
const aReceipt = provided(receipt(() => {}));

/** A receipt that only lenient decoders read costs nobody money. */
const hasPadding: Check = ({ answer, dialect }) =>
  requirePadding("The receipt", answer.headers[dialect.receiptHeader], Difference);

/** What a buyer is told of its payment. */
export const receiptCases: readonly Case[] = [
  defineCase({
    id: "seller.retry.receipt",
    requirement: "S-ORD-08",
    title: "The answer carries a PAYMENT-RESPONSE with success and a transaction",
    control: aSale,
    probe: (t) =>
      t.buy().expect(
        served,
        receipt((r) => {
          expectField(r, "success", "true", (value) => value === true);
          expectField(
            r,
            "transaction",
            "a transaction hash",
            (value) => typeof value === "string" && value !== "",
          );
        }),
        hasPadding,
      ),
  }),
  defineCase({
    id: "seller.retry.receipt-names-the-transfer",
    requirement: "S-ORD-08",
    title: "The receipt's transaction is the one that moved the money",
    control: aSale,
    probe: (t) =>
      t.buy().expect(served, settled(1), async (observed) => {
        const [transfer] = await observed.transfers();
        await aReceipt(observed);
        await receipt((r) => {
          const transaction = field(r, "transaction");
          if (typeof transaction !== "string" || transaction === "") {
            throw new Unproven("The receipt names no transaction.");
          }
          if (transaction.toLowerCase() === transfer?.transaction) return;
          throw new Finding(
            "The receipt names another transaction.",
            `${transfer?.transaction}`,
            transaction,
          );
        })(observed);
      }),
  }),
  defineCase({
    id: "seller.retry.receipt-network",
    requirement: "S-ORD-09",
    title: "The receipt's network is the CAIP-2 name of the accepted one",
    control: aSale,
    probe: (t) =>
      t.buy().expect(
        served,
        aReceipt,
        receipt((r) => {
          const expected = t.dialect.networkName(t.context.sandbox.network);
          expectField(r, "network", `${expected}`, (value) => value === expected);
        }),
      ),
  }),
  defineCase({
    id: "seller.retry.receipt-names-the-payment",
    requirement: "S-ORD-08",
    title: "Where the receipt names a payer or an amount, they are those of the payment",
    control: aSale,
    probe: (t) =>
      t.buy().expect(
        served,
        aReceipt,
        receipt((r, { payment }) => {
          if (payment === undefined) throw new Error("The case paid without a payment.");
          const { payer, amount } = payment;
          const named = (key: string, expected: string) =>
            expectField(
              r,
              key,
              expected,
              (value) => value === undefined || String(value).toLowerCase() === expected,
            );
          named("payer", payer.toLowerCase());
          named("amount", String(amount));
        }),
      ),
  }),
];
