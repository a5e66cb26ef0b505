import {
  boundsOf,
  type Case,
  type Check,
  defineCase,
  paymentsOf,
  refusesOr,
  told,
} from "../../engine/client/index.ts";
import { Difference } from "../../engine/index.ts";
import { dearer } from "./decoys.ts";

/** A client that asks more than once before it pays, such as one that shows the price to somebody first. */
export const lookCases: readonly Case[] = [
  defineCase({
    id: "client.entries.price-rises-between-looks",
    requirement: "C-SEC-01",
    title: "A price that was told is not paid five times over, because it rose before the payment",
    probe: (t) =>
      t
        .sells({ asksLater: { entry: (entry) => ({ ...entry, amount: dearer }) } })
        .expect(refusesOr(signedTheFirstPrice)),
  }),
];

/** Within its own limit, a client may pay whatever was asked last; but whoever agreed to the first price did not agree to that. */
const signedTheFirstPrice: Check = (observed) => {
  const { price } = observed;
  const dear = paymentsOf(observed).find((payment) => (boundsOf(payment)?.value ?? price) > price);
  if (dear === undefined) return;
  throw new Difference(
    "The client was told a price, asked once more, and signed the higher one that it was told then.",
    `at most ${price}`,
    told(dear),
  );
};
