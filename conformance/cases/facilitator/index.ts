import type { Case } from "../../engine/facilitator/index.ts";
import { apiCases } from "./api.ts";
import { malformedCases } from "./malformed.ts";
import { paymentCases } from "./payment.ts";
import { settlementCases } from "./settlement.ts";
import { stateCases } from "./state.ts";

/** Every case for facilitators, in the order in which they are reported. */
export const facilitatorCases: readonly Case[] = [
  ...apiCases,
  ...malformedCases,
  ...paymentCases,
  ...stateCases,
  ...settlementCases,
];
