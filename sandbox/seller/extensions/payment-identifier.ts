import {
  type PaymentPayload,
  paymentIdentifierKey,
  paymentIdentifierSchema,
  readPaymentIdentifier,
} from "../../protocol/index.ts";
import { isStream } from "../body-stream.ts";
import { type Answer, jsonAnswer, type PricedExchange } from "../exchange.ts";
import type { Route } from "../route.ts";
import type { SellerExtension } from "./extension.ts";
import { Recent } from "./recent.ts";

/** A purchase under an id: by which payment, for which request, and what it is answered. */
interface Purchase {
  readonly fingerprint: string;
  readonly answer: Promise<Answer>;
}

/** An hour to come back for an answer that was lost; of at most this many. */
const remembered = { seconds: 3_600, entries: 1_000 };

/**
 * `payment-identifier`: a buyer who names a payment and sends it again gets the answer that it was sold, receipt
 * included, and is not charged again. The answer belongs to the whole payment and its request: under the same id,
 * anything else is a conflict. What was not delivered is forgotten, so that it can be tried again; a stream is sent once.
 *
 * @param isRequired for which routes a payment must have an id; none unless told
 */
export function paymentIdentifier(isRequired: (route: Route) => boolean = () => false): SellerExtension {
  const purchases = new Recent<Purchase>(remembered);
  return {
    key: paymentIdentifierKey,
    describe: ({ route }) => ({ info: { required: isRequired(route) }, schema: paymentIdentifierSchema }),
    examine: ({ route }, { payload }) => {
      const id = readPaymentIdentifier(payload.extensions);
      if (!id.ok) return `${paymentIdentifierKey}: ${id.error.message}`;
      return id.value === undefined && isRequired(route)
        ? `${paymentIdentifierKey}: an id is required`
        : undefined;
    },
    sellOnce: async (exchange, { payload }, sell) => {
      const id = idOf(payload);
      if (id === undefined) return sell();
      const fingerprint = fingerprintOf(exchange, payload);
      const known = purchases.get(id);
      if (known !== undefined && known.fingerprint !== fingerprint) return conflict();
      // What cannot be sent again is refused by the claim on its payment.
      if (known !== undefined) return (await repeatable(known)) ?? sell();
      const purchase = { fingerprint, answer: sell() };
      purchases.set(id, purchase);
      if ((await repeatable(purchase)) === undefined) purchases.delete(id);
      return purchase.answer;
    },
  };
}

/** Of goods that were handed over, the answer; a stream can be sent only once. */
async function repeatable({ answer }: Purchase): Promise<Answer | undefined> {
  try {
    const { status, body } = await answer;
    return status < 400 && !isStream(body) ? answer : undefined;
  } catch {
    return undefined;
  }
}

function idOf({ extensions }: PaymentPayload): string | undefined {
  const id = readPaymentIdentifier(extensions);
  return id.ok ? id.value : undefined;
}

/** Nobody is known yet when an answer is looked up, so only the exact payment may ask for it. */
function fingerprintOf({ offer }: PricedExchange, payload: PaymentPayload): string {
  return `${offer.requestHash} ${JSON.stringify(payload)}`;
}

function conflict(): Answer {
  return jsonAnswer(409, { error: "This payment identifier belongs to another payment. Use a new one." });
}
