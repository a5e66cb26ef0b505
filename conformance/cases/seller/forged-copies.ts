import {
  type Case,
  defineCase,
  type Payment,
  provided,
  refused,
  rewrapped,
  served,
  settled,
  turnedAway,
  withheld,
} from "../../engine/seller/index.ts";
import { withoutName } from "./deliveries.ts";
import { aSale } from "./sale.ts";
import { inPayload } from "./spellings.ts";
import { withOneBitTurned } from "./tampering.ts";

/** Copies of an honest payment that say the same under a signature that is not the payer's. */
export const forgedCopyCases: readonly Case[] = [
  defineCase({
    id: "seller.authorization.forged-copy-spends-nothing",
    requirement: "S-ORD-08",
    title: "A payment buys although somebody sent it before under a forged signature",
    control: aSale,
    probe: async (t) => {
      const payment = await t.prepare();
      await t.resend(forgedCopyOf(payment)).expect(provided(refused)).done();
      await t.resend(payment).expect(served, settled(1)).done();
    },
  }),
  defineCase({
    id: "seller.authorization.forged-copy-gets-nothing",
    requirement: "S-PAY-21",
    title:
      "A copy of a good payment under a forged signature gets nothing, be it settled just then or before",
    needs: ["own-facilitator"],
    control: aSale,
    probe: async (t) => {
      const payment = withoutName(await t.prepare());
      const forged = forgedCopyOf(payment);
      const meanwhile = t.resend(forged).expect(refused, withheld);
      await t
        .whileSettling(payment, meanwhile)
        .expect(provided(served), provided(settled(1)))
        .done();
      await t.resend(forged).expect(turnedAway).done();
    },
  }),
];

function forgedCopyOf(payment: Payment): Payment {
  const signature = withOneBitTurned(payment.signature);
  return rewrapped(
    payment,
    inPayload((payload) => ({ ...payload, signature })),
  );
}
