import { field, parseJson } from "../../engine/index.ts";
import {
  type Case,
  defineCase,
  noCrash,
  type PaymentChange,
  soldOrTurnedAway,
  trying,
  turnedAway,
} from "../../engine/seller/index.ts";
import { askedTerms, requireSameTerms } from "./asked-terms.ts";
import { rewritten, textOf } from "./payment-text.ts";
import { aSale } from "./sale.ts";
import { eachEitherWay, eachTampered, lessThan } from "./tampering.ts";

/** Deeper than most readers of JSON go, and small enough for the header of a common proxy. */
const depth = 2_000;

/** Signed for one atomic unit too little. */
const oneTooLittle: PaymentChange = { authorization: (a) => ({ ...a, value: a.value - 1n }) };

/** JSON that two readers of one payment may understand differently: one that checks it and one that charges it. */
export const hostileJsonCases: readonly Case[] = [
  eachTampered({
    id: "seller.malformed.duplicate-amounts",
    requirement: "S-PAY-09",
    title: "A payment that names the price and, under the same key, the lower amount that it pays is refused",
    changes: (t) => {
      const authorization: PaymentChange["authorization"] = (a) => ({ ...a, value: lessThan(t, a.value) });
      return {
        "price first": { authorization, header: amountsTwice((price) => [price, lessThan(t, price)]) },
        "price last": { authorization, header: amountsTwice((price) => [lessThan(t, price), price]) },
      };
    },
  }),
  defineCase({
    id: "seller.malformed.duplicate-payloads",
    requirement: "S-PAY-21",
    title: "Of a payment with two payloads, one of them for too little, none is taken, or the full price",
    control: aSale,
    probe: async (t) => {
      for (const order of ["price first", "price last"] as const) {
        const full = await t.prepare();
        const little = await t.prepare(oneTooLittle);
        const texts = [full, little].map(({ header }) => textOf(header));
        const [first = "", second = ""] = order === "price first" ? texts : texts.toReversed();
        const both = `${first.slice(0, -1)},"payload":${JSON.stringify(field(parseJson(second), "payload"))}}`;
        await t
          .resend({ ...full, header: Buffer.from(both).toString("base64") })
          .expect(trying(order, noCrash, soldOrTurnedAway))
          .done();
      }
    },
  }),
  eachEitherWay({
    id: "seller.malformed.deep-nesting",
    requirement: "S-PAY-03",
    title: "A payment that is nested very deep is refused, or charged as any other",
    changes: {
      "nothing but brackets": { header: rewritten(() => nested(depth)) },
      "in a part that is not looked at": {
        header: rewritten((text) => `${text.slice(0, -1)},"note":${nested(depth)}}`),
      },
    },
  }),
  defineCase({
    id: "seller.malformed.prototype-keys",
    requirement: "S-PAY-09",
    title: "A payment cannot lower the price through `__proto__` or `constructor`",
    control: aSale,
    probe: async (t) => {
      const before = askedTerms(await t.ask().done());
      for (const [what, change] of Object.entries(inherited)) {
        await t
          .buy({ ...oneTooLittle, ...change })
          .expect(trying(what, noCrash, turnedAway))
          .done();
      }
      const after = askedTerms(await t.ask().done());
      requireSameTerms(t, "A payment changed what others are asked for.", before, after);
    },
  }),
];

/** Ways to give an object a lower amount that it does not have itself. */
const inherited: Readonly<Record<string, PaymentChange>> = {
  "`accepted.__proto__`": { header: besideTheAmount((low) => `"__proto__":{"amount":"${low}"}`) },
  "`accepted.__proto__` alone": { header: inPlaceOfTheAmount((low) => `"__proto__":{"amount":"${low}"}`) },
  "`accepted.constructor.prototype`": {
    header: besideTheAmount((low) => `"constructor":{"prototype":{"amount":"${low}"}}`),
  },
};

/** The accepted amount in the text of a payment. */
const amount = /"amount":"(\d+)"/;

function amountsTwice(choose: (price: bigint) => readonly bigint[]): (header: string) => string {
  return rewritten((text) =>
    text.replace(amount, (_, price: string) =>
      choose(BigInt(price))
        .map((value) => `"amount":"${value}"`)
        .join(),
    ),
  );
}

function besideTheAmount(write: (low: bigint) => string): (header: string) => string {
  return rewritten((text) =>
    text.replace(amount, (own, price: string) => `${write(BigInt(price) - 1n)},${own}`),
  );
}

function inPlaceOfTheAmount(write: (low: bigint) => string): (header: string) => string {
  return rewritten((text) => text.replace(amount, (_, price: string) => write(BigInt(price) - 1n)));
}

function nested(depth: number): string {
  return "[".repeat(depth) + "]".repeat(depth);
}
