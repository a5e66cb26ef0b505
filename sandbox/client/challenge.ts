import { type PaymentRequired, x402V2 } from "../protocol/index.ts";
import { PaymentError } from "./payment-error.ts";

/** What a 402 demands, with the answer that carried it. */
export interface Challenge {
  readonly message: PaymentRequired;
  readonly response: Response;
}

/**
 * Reads the challenge of a 402 from PAYMENT-REQUIRED; the body carries nothing (x402 v2, http transport).
 *
 * @throws PaymentError `challenge-malformed`
 */
export function readChallenge(response: Response): Challenge {
  const headers = Object.fromEntries(response.headers);
  const challenge = x402V2.readChallenge({ status: response.status, headers, body: "" });
  if (challenge === undefined) throw malformed("it has no PAYMENT-REQUIRED header", response);
  if (!challenge.ok) throw malformed(challenge.error.message, response);
  return { message: challenge.value, response };
}

function malformed(complaint: string, response: Response): PaymentError {
  return new PaymentError(
    "challenge-malformed",
    `The seller's 402 is not an x402 v2 challenge: ${complaint}.`,
    {
      moneyMoved: "no",
      next: "Nothing was signed; the seller has to mend its challenge.",
      response,
    },
  );
}
