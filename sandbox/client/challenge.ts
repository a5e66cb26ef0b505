import { buyerDialects, type Demand } from "./dialects.ts";
import { PaymentError } from "./payment-error.ts";
import { textWithin } from "./transport.ts";

/** What a 402 demands, with the answer that carried it. */
export interface Challenge extends Demand {
  readonly response: Response;
}

/** A v1 challenge is a body, of which no more is read. */
const largestBody = { bytes: 65_536, milliseconds: 10_000 };

/**
 * Reads the challenge of a 402: x402 v2's from PAYMENT-REQUIRED, else v1's from the body. With the header present the
 * body means nothing (x402 v2, http transport). The response's body stays unread.
 *
 * @throws PaymentError `challenge-malformed`
 */
export async function readChallenge(response: Response): Promise<Challenge> {
  const { status } = response;
  const headers = Object.fromEntries(response.headers);
  const [v2, v1] = buyerDialects;
  const demand =
    v2?.readDemand({ status, headers, body: "" }) ??
    v1?.readDemand({ status, headers, body: (await textWithin(response.clone(), largestBody)) ?? "" });
  if (demand === undefined) {
    throw malformed("it has no PAYMENT-REQUIRED header, and no x402 v1 challenge as body", response);
  }
  if (!demand.ok) throw malformed(demand.error.message, response);
  const { entries } = demand.value;
  const [first] = entries;
  if (first?.ok === false && entries.every((entry) => !entry.ok))
    throw malformed(first.error.message, response);
  return { ...demand.value, response };
}

function malformed(complaint: string, response: Response): PaymentError {
  const message = `The seller's 402 is not an x402 challenge: ${complaint}.`;
  return new PaymentError("challenge-malformed", message, { response });
}
