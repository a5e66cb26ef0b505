import type { Case } from "../../engine/facilitator/index.ts";
import { apiCases } from "./api.ts";
import { bazaarCases } from "./bazaar.ts";
import { chainFaultCases } from "./chain-faults.ts";
import { discoveryCases } from "./discovery.ts";
import { formCases } from "./forms.ts";
import { malformedCases } from "./malformed.ts";
import { nodeRefusalCases } from "./node-refusals.ts";
import { oneNonceCases } from "./one-nonce.ts";
import { outageCases } from "./outages.ts";
import { paymentCases } from "./payment.ts";
import { paymentIdentifierCases } from "./payment-identifier.ts";
import { permitFormCases } from "./permit-forms.ts";
import { permit2Cases } from "./permit2.ts";
import { refusalCases } from "./refusals.ts";
import { secrecyCases } from "./secrecy.ts";
import { settledBeforeCases } from "./settled-before.ts";
import { settlementCases } from "./settlement.ts";
import { smartAccountCases } from "./smart-accounts.ts";
import { sponsoringCases } from "./sponsoring.ts";
import { stateCases } from "./state.ts";
import { termsCases } from "./terms.ts";
import { tokenCases } from "./tokens.ts";
import { transactionCases } from "./transactions.ts";
import { uptoCases } from "./upto.ts";
import { v1Cases } from "./v1.ts";
import { alsoInV1 } from "./v1-as-v2.ts";
import { verifiedBeforeCases } from "./verified-before.ts";
import { verifiedTogetherCases } from "./verified-together.ts";

export { v1IdOf } from "./v1-as-v2.ts";

/** What is tried of payments by EIP-3009, whatever becomes of the chain meanwhile. */
const ofAuthorizations: readonly Case[] = [
  ...apiCases,
  ...refusalCases,
  ...malformedCases,
  ...secrecyCases,
  ...paymentCases,
  ...termsCases,
  ...formCases,
  ...stateCases,
  ...settlementCases,
  ...verifiedBeforeCases,
  ...verifiedTogetherCases,
  ...settledBeforeCases,
  ...oneNonceCases,
  ...smartAccountCases,
];

/** Every case for facilitators, in the order in which they are reported. */
export const facilitatorCases: readonly Case[] = [
  ...ofAuthorizations,
  ...permit2Cases,
  ...uptoCases,
  ...permitFormCases,
  ...sponsoringCases,
  ...v1Cases,
  ...alsoInV1(ofAuthorizations),
  ...tokenCases,
  ...discoveryCases,
  ...bazaarCases,
  ...paymentIdentifierCases,
  ...outageCases,
  ...chainFaultCases,
  ...nodeRefusalCases,
  ...transactionCases,
];
