import { type Answer, readPaymentIdentifier, sellerSteps } from "#sandbox";
import { changing, type Mutant } from "../mutant.ts";

/** Sellers that remember of an id that it is paid, and not for what. */
export const namedElsewhereMutants: readonly Mutant[] = [
  forgettingWhatWasBought({
    id: "named-payments-buy-every-query",
    breaks: "Works again for a payment that it knows by its id when the query is another.",
    caughtBy: ["seller.identifier.other-query"],
    isAnother: (one, other) => one.pathname === other.pathname && one.search !== other.search,
  }),
  forgettingWhatWasBought({
    id: "named-payments-buy-every-route",
    breaks: "Works again for a payment that it knows by its id when the route is another.",
    caughtBy: ["seller.identifier.other-route-at-the-same-price"],
    isAnother: (one, other) => one.pathname !== other.pathname,
  }),
];

interface Forgetting extends Omit<Mutant, "build"> {
  /** Which requests it hands out more goods to. */
  readonly isAnother: (bought: URL, asked: URL) => boolean;
}

function forgettingWhatWasBought({ isAnother, ...facts }: Forgetting): Mutant {
  return {
    ...facts,
    build: (reached) => {
      const purchases = new Map<string, { url: URL; answer: Answer }>();
      const handlers = new WeakMap<object, () => Promise<Answer>>();
      return {
        steps: {
          ...sellerSteps,
          validate: async (exchange) => {
            const validated = await sellerSteps.validate(exchange);
            if (validated.kind === "valid") {
              const { work } = validated;
              handlers.set(exchange.request, async () => (await sellerSteps.handle(exchange, work)).answer);
            }
            return validated;
          },
        },
        extensions: changing("payment-identifier", (own) => ({
          ...own,
          sellOnce: async (exchange, payment, sell) => {
            const id = readPaymentIdentifier(payment.payload.extensions);
            const handle = handlers.get(exchange.request);
            if (!id.ok || id.value === undefined || !own.sellOnce || !handle) return sell();
            const name = `${id.value} ${JSON.stringify(payment.payload.payload)}`;
            const url = new URL(exchange.request.url);
            const known = purchases.get(name);
            if (known !== undefined && isAnother(known.url, url)) {
              reached();
              const { headers } = known.answer;
              return { ...(await handle()), headers };
            }
            const answer = await own.sellOnce(exchange, payment, sell);
            if (answer.status < 400) purchases.set(name, { url, answer });
            return answer;
          },
        })),
      };
    },
  };
}
