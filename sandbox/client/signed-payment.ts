import type {
  Authorization,
  PaymentPayload,
  PaymentPayloadV1,
  PaymentRequirements,
} from "../protocol/index.ts";

/** What the buyer sends, in the version that it was asked in. */
export type PaymentMessage = PaymentPayload | PaymentPayloadV1;

/** A payment that is signed, and may be presented any number of times: the token takes it once. */
export interface SignedPayment {
  readonly message: PaymentMessage;
  /** The value of the header that pays, so that every presentation is the same, byte for byte. */
  readonly header: string;
  /** What it pays, in the words of v2. */
  readonly requirements: PaymentRequirements;
  /** The transfer that was signed, also where it was signed as a permit. Its `value` is the most that may move. */
  readonly authorization: Authorization;
}
