import type { Topic } from "../requirement.ts";
import { apiRules } from "./api.ts";
import { discoveryRules } from "./discovery.ts";
import { schemesRules } from "./schemes.ts";
import { settleRules } from "./settle.ts";
import { v1Rules } from "./v1.ts";
import { verifyRules } from "./verify.ts";

/** Every rule for facilitators, by topic. Ids are append-only and never renamed. */
export const facilitatorTopics: readonly Topic[] = [
  { title: "What the API of a facilitator answers", rules: apiRules },
  { title: "What /verify must find", rules: verifyRules },
  { title: "How a facilitator moves money", rules: settleRules },
  { title: "Schemes other than exact by EIP-3009 (facilitators)", rules: schemesRules },
  { title: "Discovery and extensions (facilitators)", rules: discoveryRules },
  { title: "x402 v1 (facilitators)", rules: v1Rules },
];
