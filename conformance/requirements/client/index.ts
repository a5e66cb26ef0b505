import type { Topic } from "../requirement.ts";
import { answerRules } from "./answer.ts";
import { challengeRules } from "./challenge.ts";
import { clientExtensionRules } from "./extensions.ts";
import { incidentRules } from "./incidents.ts";
import { paymentRules } from "./payment.ts";
import { clientV1Rules } from "./v1.ts";

/** Every rule for clients, by topic. Ids are append-only and never renamed. */
export const clientTopics: readonly Topic[] = [
  { title: "Clients: how a challenge is read", rules: challengeRules },
  { title: "Clients: what is signed and sent", rules: paymentRules },
  { title: "Clients: what is made of the answer", rules: answerRules },
  { title: "Clients: what has happened to buyers", rules: incidentRules },
  { title: "Clients: extensions and other transports", rules: clientExtensionRules },
  { title: "Clients: x402 v1", rules: clientV1Rules },
];
