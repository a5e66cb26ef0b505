import { type PaymentPayload, readPaymentIdentifier } from "#sandbox";
import { changing, type Mutant } from "../mutant.ts";

const key = "payment-identifier";

/** Sellers that take ids for others than they are, or for no matter. */
export const likeIdMutants: readonly Mutant[] = [
  {
    id: "takes-an-echo-for-an-id",
    breaks: "Requires an id, and is content with an echo of the extension that has none.",
    caughtBy: ["seller.identifier.required-and-only-echoed"],
    build: (reached) => ({
      extensions: changing(key, (own) => ({
        ...own,
        examine: (exchange, payment) => {
          const flaw = own.examine?.(exchange, payment);
          const { extensions } = payment.payload;
          if (flaw === undefined || extensions?.[key] === undefined) return flaw;
          if (!readPaymentIdentifier(extensions).ok) return flaw;
          reached();
          return undefined;
        },
      })),
    }),
  },
  {
    id: "sells-to-all-under-an-id-at-once",
    breaks: "Looks an id up when a payment comes, and remembers it when the sale is done.",
    caughtBy: ["seller.identifier.other-payments-at-once"],
    build: (reached) => ({
      extensions: changing(key, (own) => {
        const underWay = new Map<string, string>();
        return {
          ...own,
          sellOnce: async (exchange, payment, sell) => {
            const id = idOf(payment.payload);
            if (id === undefined || own.sellOnce === undefined) return sell();
            const signed = JSON.stringify(payment.payload.payload);
            const other = underWay.get(id);
            // The same payment is left to the original: to work for that twice is another fault.
            if (other !== undefined && other !== signed) {
              reached();
              return sell();
            }
            underWay.set(id, signed);
            try {
              return await own.sellOnce(exchange, payment, sell);
            } finally {
              underWay.delete(id);
            }
          },
        };
      }),
    }),
  },
  mistaking({
    id: "knows-ids-by-their-beginning",
    breaks: "Keeps the first 64 characters of an id.",
    caughtBy: ["seller.identifier.that-differ-at-the-end"],
    kept: (id) => id.slice(0, 64),
  }),
  mistaking({
    id: "knows-ids-in-lower-case",
    breaks: "Keeps ids where the case of letters does not count.",
    caughtBy: ["seller.identifier.that-differ-in-case"],
    kept: (id) => id.toLowerCase(),
  }),
];

/** The reference, but what it remembers of an id is not the id. */
function mistaking({
  kept,
  ...facts
}: Omit<Mutant, "build"> & { readonly kept: (id: string) => string }): Mutant {
  return {
    ...facts,
    build: (reached) => ({
      extensions: changing(key, (own) => ({
        ...own,
        sellOnce: async (exchange, payment, sell) => {
          const { payload } = payment;
          const id = idOf(payload);
          if (id === undefined || own.sellOnce === undefined) return sell();
          if (kept(id) !== id) reached();
          const extensions = { ...payload.extensions, [key]: { info: { id: kept(id) } } };
          return own.sellOnce(exchange, { ...payment, payload: { ...payload, extensions } }, sell);
        },
      })),
    }),
  };
}

function idOf({ extensions }: PaymentPayload): string | undefined {
  const id = readPaymentIdentifier(extensions);
  return id.ok ? id.value : undefined;
}
