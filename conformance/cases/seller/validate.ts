import { Finding, Unserved } from "../../engine/index.ts";
import { type Case, defineCase, provenNoWork, refusedCleanly, settled } from "../../engine/seller/index.ts";
import { aSale } from "./sale.ts";

/** A request that the seller is going to reject is never charged for. */
export const validateCases: readonly Case[] = [
  defineCase({
    id: "seller.validate.invalid-is-told-before-payment",
    requirement: "S-VBP-01",
    protocol: "any",
    title: "An invalid request is refused with 4xx before any payment is asked for",
    needs: ["invalid"],
    probe: (t) =>
      t.ask(t.request("invalid")).expect(({ answer }) => {
        if (answer.status >= 400 && answer.status < 500 && answer.status !== 402) return;
        const Kind = answer.status >= 500 ? Unserved : Finding;
        throw new Kind(
          answer.status === 402
            ? "Payment is asked for a request that cannot succeed."
            : "A request that cannot succeed is not refused.",
          "4xx other than 402",
          `status ${answer.status}`,
        );
      }),
  }),
  defineCase({
    id: "seller.validate.invalid-and-paid-is-not-charged",
    requirement: "S-ORD-11",
    title: "An invalid request with a good payment is refused and not charged",
    needs: ["invalid"],
    control: aSale,
    probe: async (t) => {
      const payment = await t.prepareFor(t.request("invalid"));
      await t.resend(payment, t.request("invalid")).expect(refusedCleanly, settled(0)).done();
    },
  }),
  defineCase({
    id: "seller.validate.invalid-does-no-work",
    requirement: "S-VBP-01",
    title: "The paid handler does not run for an invalid request",
    needs: ["invalid"],
    control: aSale,
    probe: async (t) => {
      const payment = await t.prepareFor(t.request("invalid"));
      await t.resend(payment, t.request("invalid")).expect(provenNoWork).done();
    },
  }),
  defineCase({
    id: "seller.validate.invalid-with-bad-payment",
    requirement: "S-ORD-11",
    title: "An invalid request with a bad payment is refused, and nothing is charged",
    needs: ["invalid"],
    control: aSale,
    probe: async (t) => {
      const payment = await t.prepareFor(t.request("invalid"), { signedByStranger: true });
      await t.resend(payment, t.request("invalid")).expect(refusedCleanly, settled(0)).done();
    },
  }),
  defineCase({
    id: "seller.validate.payment-survives-a-refused-request",
    requirement: "S-ORD-11",
    title: "A payment sent with an invalid request is still unspent on chain",
    needs: ["invalid"],
    control: aSale,
    probe: async (t) => {
      const payment = await t.prepareFor(t.request("invalid"));
      await t.resend(payment, t.request("invalid")).done();
      const { from, nonce } = payment.authorization;
      if (await t.context.ledger.isNonceSpent(from, nonce)) {
        throw new Finding(
          "The authorization was spent on a refused request.",
          "an unspent authorization",
          "it is spent on chain",
        );
      }
    },
  }),
];
