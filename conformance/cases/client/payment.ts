import { type Case, defineFormCase, everyAuthorization, everyPayment } from "../../engine/client/index.ts";
import { Finding } from "../../engine/index.ts";

/** What an honest shop receives. */
export const paymentCases: readonly Case[] = [
  defineFormCase({
    id: "client.payment.header",
    requirement: "C-PAY-01",
    title: "The retry carries PAYMENT-SIGNATURE, base64 of a JSON payment",
    probe: (t) =>
      t.sellsHonestly().expect(
        everyPayment(({ envelope, problem, protocol }) => {
          if (protocol === "x402@2" && envelope !== undefined) return;
          throw new Finding(
            "The payment cannot be read.",
            "base64 of a JSON object in PAYMENT-SIGNATURE",
            problem ?? protocol,
          );
        }),
      ),
  }),
  defineFormCase({
    id: "client.payment.value",
    requirement: "C-PAY-07",
    title: "The signed value is the amount that was asked",
    probe: (t) =>
      t.sellsHonestly().expect(
        everyAuthorization(({ value }, { price }) => {
          if (value === price) return;
          throw new Finding("Another value is signed.", String(price), String(value));
        }),
      ),
  }),
];
