import type { Topic } from "../requirement.ts";
import { challengeRules } from "./challenge.ts";
import { extensionRules } from "./extensions.ts";
import { orderRules } from "./order.ts";
import { paymentRules } from "./payment.ts";
import { replayRules } from "./replay.ts";
import { v1Rules } from "./v1.ts";

/** Every rule for sellers, by topic. Ids are append-only and never renamed. */
export const sellerTopics: readonly Topic[] = [
  { title: "What a 402 must say", rules: challengeRules },
  { title: "How a payment is read, matched and verified", rules: paymentRules },
  { title: "Order: verify, handle, settle, deliver", rules: orderRules },
  { title: "A payment buys once", rules: replayRules },
  { title: "Other schemes, extensions and transports", rules: extensionRules },
  { title: "x402 v1", rules: v1Rules },
];
