import { type AcceptsEntry, acceptsEntries, field, NotApplicable, Unproven } from "../../engine/index.ts";
import {
  type Case,
  defineCase,
  type PaymentChange,
  type Trader,
  trying,
  turnedAway,
} from "../../engine/seller/index.ts";
import { aSale } from "./sale.ts";

/** A seller that offers several ways to pay: a payment fits one of them as a whole. */
export const mixedEntryCases: readonly Case[] = [
  defineCase({
    id: "seller.terms.entries-are-not-mixed",
    requirement: "S-PAY-09",
    title: "Where several entries are offered, the amount of one does not pay in the token of another",
    control: aSale,
    probe: async (t) => {
      const { other, amount } = await fewerUnitsOfAnotherToken(t);
      const value = BigInt(amount);
      const mixtures: Readonly<Record<string, PaymentChange>> = {
        "the amount of the one with the token of the other": {
          accepted: (entry) => ({ ...entry, amount }),
          authorization: (signed) => ({ ...signed, value }),
        },
        "the one in words, and the token of the other": {
          accepted: () => other,
          authorization: (signed) => ({ ...signed, value }),
        },
      };
      for (const [mixture, change] of Object.entries(mixtures)) {
        await t.buy(change).expect(trying(mixture, turnedAway)).done();
      }
    },
  }),
];

/** An entry for another token that asks for fewer units of it than the one that is paid here. */
async function fewerUnitsOfAnotherToken(t: Trader): Promise<{ other: AcceptsEntry; amount: string }> {
  const { answer } = await t.ask().done();
  const reading = t.dialect.readChallenge(answer);
  if (reading.stage !== "object") throw new Unproven(`There is no readable challenge: ${reading.problem}.`);
  const { entry, amount: price } = await t.prepare();
  for (const other of acceptsEntries(reading.challenge)) {
    const amount = field(other, "amount");
    if (typeof amount !== "string" || !/^\d+$/.test(amount) || BigInt(amount) >= price) continue;
    if (tokenOf(other) !== tokenOf(entry)) return { other, amount };
  }
  throw new NotApplicable(
    "The seller offers no second way to pay that asks for fewer units of another token.",
  );
}

function tokenOf(entry: AcceptsEntry): string {
  return `${field(entry, "network")} ${field(entry, "asset")}`.toLowerCase();
}
