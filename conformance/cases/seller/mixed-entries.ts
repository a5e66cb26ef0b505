import { isDeepStrictEqual } from "node:util";
import { type Address, isAddress, isAddressEqual } from "viem";
import {
  type AcceptsEntry,
  acceptsEntries,
  Finding,
  field,
  NotApplicable,
  Unproven,
} from "../../engine/index.ts";
import {
  type Case,
  type Check,
  defineCase,
  type PaymentChange,
  served,
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
  defineCase({
    id: "seller.terms.every-entry-buys",
    requirement: "S-PAY-29",
    title: "Where several entries are offered, each of them can be paid",
    control: aSale,
    probe: async (t) => {
      for (const entry of await otherEntries(t)) {
        const [value, to] = [BigInt(String(entry.amount)), String(entry.payTo)];
        if (!isAddress(to)) throw new Unproven(`payTo of an entry is ${to}.`);
        await t
          .buy({ accepted: () => entry, authorization: (signed) => ({ ...signed, value, to }) })
          .expect(trying(`${value} to ${to}`, served, paid(value, to)))
          .done();
      }
    },
  }),
];

/** The entries that differ from the one that is paid here in price or payee alone. */
async function otherEntries(t: Trader): Promise<readonly AcceptsEntry[]> {
  const { answer } = await t.ask().done();
  const reading = t.dialect.readChallenge(answer);
  if (reading.stage !== "object") throw new Unproven(`There is no readable challenge: ${reading.problem}.`);
  const { entry } = await t.prepare();
  const others = acceptsEntries(reading.challenge).filter(
    (other) =>
      !isDeepStrictEqual(other, entry) &&
      /^\d+$/.test(String(field(other, "amount"))) &&
      isDeepStrictEqual({ ...other, amount: entry.amount, payTo: entry.payTo }, entry),
  );
  if (others.length > 0) return others;
  throw new NotApplicable("The seller offers no second price or payee in the same token.");
}

/** One transfer, of this amount and to this payee. */
function paid(value: bigint, to: Address): Check {
  return async ({ transfers }) => {
    const found = await transfers();
    const [transfer] = found;
    if (found.length === 1 && transfer?.value === value && isAddressEqual(transfer.to, to)) return;
    const seen = found.map((each) => `${each.value} to ${each.to}`).join(", ");
    throw new Finding(
      "The entry was not charged as it was offered.",
      `${value} to ${to}`,
      seen || "no transfer",
    );
  };
}

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
