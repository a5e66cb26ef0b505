import { setTimeout as delay } from "node:timers/promises";
import { type Answer, readPaymentIdentifier, sellerSteps } from "#sandbox";
import { changing, type Mutant, replacing } from "../mutant.ts";
import { settledInTheSellersWords } from "./retry.ts";

const key = "payment-identifier";

/** Sellers that offer to know payments by their ids, and are wrong about one thing in it. */
export const paymentIdentifierMutants: readonly Mutant[] = [
  {
    id: "named-payments-settle-later",
    breaks: "Delivers at once for a payment that has a name, and settles it a moment later.",
    caughtBy: ["seller.identifier.settled-before-delivery"],
    build: replacing("settle", (original, reached) => (exchange, order) => {
      if (idOf(order.paymentPayload.extensions) === undefined) return original(exchange, order);
      reached();
      void delay(300).then(() => original(exchange, order));
      return settledInTheSellersWords(exchange);
    }),
  },
  {
    id: "ignores-the-echo",
    breaks: "Takes payments that change what it said of its extensions.",
    caughtBy: ["seller.extensions.overwritten-info", "seller.extensions.deleted-info"],
    build: replacing("match", (original, reached) => (exchange, offer, payment) => {
      reached();
      const extensions = exchange.seller.extensions.map((extension) => ({
        ...extension,
        describe: () => ({ info: {}, schema: {} }),
      }));
      return original({ ...exchange, seller: { ...exchange.seller, extensions } }, offer, payment);
    }),
  },
  knowing({
    id: "does-not-answer-again",
    breaks: "Refuses a payment that comes again under its id.",
    caughtBy: ["seller.identifier.same-payment-gets-its-answer"],
    same: (_first, sell) => sell(),
  }),
  knowing({
    id: "answers-again-with-news",
    breaks: "Gives a payment that comes again another answer than it bought.",
    caughtBy: [
      "seller.identifier.lost-answer-leaves-a-way-back",
      "seller.identifier.same-payment-gets-its-answer",
    ],
    same: async (first) => ({ ...(await first), body: JSON.stringify({ notice: "You have that already." }) }),
  }),
  knowing({
    id: "answers-again-without-receipt",
    breaks: "Leaves out the receipt when a payment comes again.",
    caughtBy: [
      "seller.identifier.lost-answer-leaves-a-way-back",
      "seller.identifier.repeated-answer-has-the-receipt",
    ],
    same: async (first) => {
      const { "payment-response": _, ...headers } = (await first).headers;
      return { ...(await first), headers };
    },
  }),
  knowing({
    id: "sells-again-under-the-id",
    breaks: "Sells to every new payment, whatever id it has.",
    caughtBy: [
      "seller.identifier.lost-answer-leaves-a-way-back",
      "seller.identifier.other-payment-is-a-conflict",
      "seller.identifier.other-payments-at-once",
    ],
    other: (_first, sell) => sell(),
  }),
  knowing({
    id: "knows-purchases-by-id-alone",
    breaks: "Gives whoever knows an id the answer that was bought under it.",
    caughtBy: [
      "seller.identifier.forged-copy",
      "seller.identifier.lost-answer-leaves-a-way-back",
      "seller.identifier.other-payment-is-a-conflict",
      "seller.identifier.other-payments-at-once",
      "seller.identifier.stranger-with-the-id",
    ],
    other: (first) => first,
  }),
  {
    id: "remembers-ids-too-late",
    breaks: "Remembers a named payment once its sale is done, and works for each request until then.",
    caughtBy: ["seller.identifier.same-payment-at-once"],
    build: (reached) => ({
      steps: {
        ...sellerSteps,
        claim: async (exchange, offer, payment) => {
          const claimed = await sellerSteps.claim(exchange, offer, payment);
          if (claimed.kind !== "refused" || idOf(payment.payload.extensions) === undefined) return claimed;
          return { kind: "granted", claim: { release() {}, settled() {}, unresolved() {} } };
        },
      },
      extensions: changing(key, (own) => {
        const underWay = new Set<string>();
        return {
          ...own,
          sellOnce: async (exchange, payment, sell) => {
            const id = idOf(payment.payload.extensions);
            if (id === undefined || own.sellOnce === undefined) return sell();
            // Another payment under the id is left to the original.
            const purchase = `${id} ${JSON.stringify(payment.payload.payload)}`;
            if (underWay.has(purchase)) {
              reached();
              return sell();
            }
            underWay.add(purchase);
            const answer = await own.sellOnce(exchange, payment, sell);
            underWay.delete(purchase);
            return answer;
          },
        };
      }),
    }),
  },
  {
    id: "does-not-insist-on-ids",
    breaks: "Says that it requires an id, and sells without one.",
    caughtBy: ["seller.identifier.required-and-missing", "seller.identifier.required-and-only-echoed"],
    build: (reached) => ({
      extensions: changing(key, (own) => ({
        ...own,
        examine: (exchange, payment) => {
          const flaw = own.examine?.(exchange, payment);
          const id = readPaymentIdentifier(payment.payload.extensions);
          if (flaw === undefined || !id.ok) return flaw;
          reached();
          return undefined;
        },
      })),
    }),
  },
  {
    id: "takes-any-id",
    breaks: "Does not look at the form of ids.",
    caughtBy: [
      "seller.identifier.too-short",
      "seller.identifier.too-long",
      "seller.identifier.of-other-characters",
    ],
    build: (reached) => ({
      extensions: changing(key, (own) => ({
        ...own,
        examine: (exchange, payment) => {
          const flaw = own.examine?.(exchange, payment);
          if (flaw === undefined || readPaymentIdentifier(payment.payload.extensions).ok) return flaw;
          reached();
          return undefined;
        },
      })),
    }),
  },
];

/** What a seller does with an id that it has seen before; `first` is what was answered then. */
interface Habits {
  readonly same?: (first: Promise<Answer>, sell: () => Promise<Answer>) => Promise<Answer>;
  readonly other?: (first: Promise<Answer>, sell: () => Promise<Answer>) => Promise<Answer>;
}

/** A seller with a memory of its own, and another habit. */
function knowing({ same, other, ...facts }: Omit<Mutant, "build"> & Habits): Mutant {
  return {
    ...facts,
    build: (reached) => {
      const purchases = new Map<string, { payment: string; answer: Promise<Answer> }>();
      return {
        extensions: changing(key, (own) => ({
          ...own,
          sellOnce: async (_exchange, { payload }, sell) => {
            const id = idOf(payload.extensions);
            if (id === undefined) return sell();
            const payment = JSON.stringify(payload);
            const known = purchases.get(id);
            if (known === undefined) {
              const answer = sell();
              purchases.set(id, { payment, answer });
              return answer;
            }
            const habit = known.payment === payment ? same : other;
            if (habit === undefined) return known.payment === payment ? known.answer : conflict;
            reached();
            return habit(known.answer, sell);
          },
        })),
      };
    },
  };
}

const conflict: Answer = { status: 409, headers: {}, body: "" };

function idOf(extensions: Parameters<typeof readPaymentIdentifier>[0]): string | undefined {
  const id = readPaymentIdentifier(extensions);
  return id.ok ? id.value : undefined;
}
