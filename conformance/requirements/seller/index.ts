import { challengeRules } from "./challenge.ts";
import { extensionRules } from "./extensions.ts";
import { orderRules } from "./order.ts";
import { paymentRules } from "./payment.ts";
import { replayRules } from "./replay.ts";
import { v1Rules } from "./v1.ts";

/** Every rule for sellers. Ids are append-only and never renamed. */
export const sellerRules = [
  ...challengeRules,
  ...paymentRules,
  ...orderRules,
  ...replayRules,
  ...extensionRules,
  ...v1Rules,
];
