import { type Case, defineCase, everyEnvelope, refusesOr, signedNothing } from "../../engine/client/index.ts";
import { describeJson, Finding, field, type Json } from "../../engine/index.ts";

/** What is no number of atomic units in decimal digits, and no one else's to interpret. */
const amounts: readonly { readonly id: string; readonly what: string; readonly amount: Json }[] = [
  { id: "number", what: "a JSON number", amount: 1000 },
  { id: "decimal", what: "a decimal fraction", amount: "0.25" },
  { id: "fraction", what: "a number with half an atomic unit", amount: "1000.5" },
  { id: "hex", what: "a hexadecimal number", amount: "0x3e8" },
  { id: "exponent", what: "a number with an exponent", amount: "1e3" },
  { id: "negative", what: "a negative number", amount: "-1000" },
  { id: "words", what: "a word", amount: "cheap" },
  { id: "with-unit", what: "a number with a unit behind it", amount: "1000 USDC" },
  { id: "underscore", what: "a number with an underscore in it", amount: "1_000" },
  { id: "other-digits", what: "in Arabic digits", amount: "١٠٠٠" },
  { id: "empty", what: "an empty text", amount: "" },
];

/** How a price is written, and what is none. */
export const amountCases: readonly Case[] = [
  ...amounts.map(({ id, what, amount }) =>
    defineCase({
      id: `client.entries.amount-${id}`,
      requirement: "C-CH-11",
      title: `An amount that is ${what} is not paid`,
      probe: (t) => t.sells({ asks: { entry: (entry) => ({ ...entry, amount }) } }).expect(signedNothing),
    }),
  ),
  ...[
    { id: "plus", what: "with a plus sign", amount: "+1000" },
    { id: "spaces", what: "between spaces", amount: " 1000 " },
    { id: "newline", what: "with the end of a line", amount: "1000\n" },
  ].map(({ id, what, amount }) =>
    defineCase({
      id: `client.entries.amount-${id}`,
      requirement: "C-PAY-09",
      title: `An amount ${what} is signed in plain digits, or not at all`,
      probe: (t) =>
        t.sells({ asks: { entry: (entry) => ({ ...entry, amount }) } }).expect(
          refusesOr(
            everyEnvelope((envelope) => {
              const value = field(field(field(envelope, "payload"), "authorization"), "value");
              if (value !== "1000")
                throw new Finding("The value is no plain number.", '"1000"', describeJson(value));
            }),
          ),
        ),
    }),
  ),
];

/** The same for shops that speak v1. */
export const v1AmountCases: readonly Case[] = amounts.map(({ id, what, amount: maxAmountRequired }) =>
  defineCase({
    id: `client.v1.amount-${id}`,
    requirement: "C-CH-11",
    protocol: "x402@1",
    title: `A v1 amount that is ${what} is not paid`,
    probe: (t) =>
      t.sells({ asks: { entry: (entry) => ({ ...entry, maxAmountRequired }) } }).expect(signedNothing),
  }),
);
