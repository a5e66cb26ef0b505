import { clientSteps, toBase64Json } from "#sandbox";
import { asking, challengeOf, isMessage, misreadingEntries, withEntries } from "../messages.ts";
import { type ClientMutant, withSteps } from "../mutant.ts";
import { misreadingV1Entries } from "../v1-messages.ts";
import { ofBothPermits } from "./of-both-permits.ts";

/** A way to read a price that is none. */
interface Reading {
  readonly id: string;
  readonly breaks: string;
  /** What tells the case of v2 from those of other prices, and likewise the one of v1. */
  readonly caught: string;
  /** The price; `undefined` where it is read as it should be. */
  readonly read: (amount: unknown) => string | undefined;
}

const readings: readonly Reading[] = [
  {
    id: "counts-numbers",
    breaks: "Pays an amount that is a JSON number.",
    caught: "number",
    read: (amount) => (typeof amount === "number" ? String(amount) : undefined),
  },
  {
    id: "counts-dollars",
    breaks: "Pays a decimal fraction as so many dollars.",
    caught: "decimal",
    read: whenLike(/^0\./, (amount) => Number(amount) * 1_000_000),
  },
  {
    id: "rounds-amounts",
    breaks: "Rounds an amount with a fraction of an atomic unit.",
    caught: "fraction",
    read: whenLike(/^[1-9]\d*\./, (amount) => Math.round(Number(amount))),
  },
  {
    id: "counts-in-sixteens",
    breaks: "Pays an amount in hexadecimal.",
    caught: "hex",
    read: whenLike(/^0x/, Number),
  },
  {
    id: "counts-in-powers",
    breaks: "Pays an amount with an exponent.",
    caught: "exponent",
    read: whenLike(/^\d+e\d+$/, Number),
  },
  {
    id: "drops-the-sign",
    breaks: "Pays what it would have been paid.",
    caught: "negative",
    read: whenLike(/^-/, (amount) => -Number(amount)),
  },
  {
    id: "guesses-prices",
    breaks: "Pays what things usually cost when it cannot read the price.",
    caught: "words",
    read: whenLike(/^[a-z]+$/, () => 1000),
  },
  {
    id: "drops-units",
    breaks: "Pays the number at the beginning of a price, whatever follows.",
    caught: "with-unit",
    read: whenLike(/^\d+ [A-Z]/, (amount) => Number.parseInt(amount, 10)),
  },
  {
    id: "overlooks-underscores",
    breaks: "Overlooks an underscore in an amount, as in the source of a program.",
    caught: "underscore",
    read: whenLike(/^\d+_\d+$/, (amount) => Number(amount.replaceAll("_", ""))),
  },
  {
    id: "knows-all-digits",
    breaks: "Reads an amount in whatever digits it is written.",
    caught: "other-digits",
    read: whenLike(/^[٠-٩]+$/, (amount) => Number(amount.replaceAll(/./g, arabicDigit))),
  },
  {
    id: "signs-for-nothing",
    breaks: "Signs for zero when the price is an empty text.",
    caught: "empty",
    read: whenLike(/^$/, Number),
  },
];

/** Clients that pay what is no price. */
export const amountMutants: readonly ClientMutant[] = [
  ...readings.map(({ id, breaks, caught, read }) => ({
    id,
    breaks,
    // Of permits only the hexadecimal one is tried.
    caughtBy: [`client.entries.amount-${caught}`, ...(caught === "hex" ? ofBothPermits("amount-hex") : [])],
    build: misreadingEntries(({ amount: written, ...entry }) => {
      const amount = read(written);
      return amount === undefined ? undefined : { ...entry, amount };
    }),
  })),
  ...readings.map(({ id, breaks, caught, read }) => ({
    id: `v1-${id}`,
    breaks: `${breaks.slice(0, -1)}, in v1.`,
    caughtBy: [`client.v1.amount-${caught}`],
    build: misreadingV1Entries(({ maxAmountRequired: written, ...entry }) => {
      const maxAmountRequired = read(written);
      return maxAmountRequired === undefined ? undefined : { ...entry, maxAmountRequired };
    }),
  })),
  {
    id: "copies-amounts",
    breaks: "Copies an amount with a sign, spaces or the end of a line into the payment as it stands.",
    caughtBy: ["client.entries.amount-plus", "client.entries.amount-spaces", "client.entries.amount-newline"],
    build: withSteps((reached) => {
      let written: string | undefined;
      return {
        readChallenge: async (response) => {
          const challenge = challengeOf(response) ?? {};
          const read = withEntries(challenge, (entry) => {
            const amount = String(entry.amount).trim().replace(/^\+/, "");
            if (amount === entry.amount || typeof entry.amount !== "string") return undefined;
            written = entry.amount;
            return { ...entry, amount };
          });
          if (read === undefined) return clientSteps.readChallenge(response);
          return { ...(await clientSteps.readChallenge(asking(read))), response };
        },
        present: (request, payment, ...rest) => {
          const { message } = payment;
          const { authorization } = message.payload;
          if (written === undefined || !isMessage(authorization))
            return clientSteps.present(request, payment, ...rest);
          reached();
          const payload = { ...message.payload, authorization: { ...authorization, value: written } };
          const header = toBase64Json({ ...message, payload });
          return clientSteps.present(request, { ...payment, header }, ...rest);
        },
      };
    }),
  },
];

/** The digit that an Arabic one stands for. */
function arabicDigit(digit: string): string {
  return String("٠١٢٣٤٥٦٧٨٩".indexOf(digit));
}

function whenLike(form: RegExp, count: (amount: string) => number): Reading["read"] {
  return (amount) => (typeof amount === "string" && form.test(amount) ? String(count(amount)) : undefined);
}
