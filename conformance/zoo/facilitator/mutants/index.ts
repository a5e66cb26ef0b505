import { facilitatorCases, v1IdOf } from "../../../cases/facilitator/index.ts";
import type { FacilitatorMutant } from "../mutant.ts";
import { answerMutants } from "./answers.ts";
import { chainMutants } from "./chain.ts";
import { checkMutants } from "./checks.ts";
import { discoveryMutants } from "./discovery.ts";
import { memoryMutants } from "./memory.ts";
import { nodeRefusalMutants } from "./node-refusals.ts";
import { permitChainMutants } from "./permit-chain.ts";
import { permitMemoryMutants } from "./permit-memory.ts";
import { permit2Mutants } from "./permit2.ts";
import { permit2SettlementMutants } from "./permit2-settlement.ts";
import { reasonMutants } from "./reasons.ts";
import { secrecyMutants } from "./secrecy.ts";
import { settlementMutants } from "./settlement.ts";
import { sponsoringMutants } from "./sponsoring.ts";
import { supportedMutants } from "./supported.ts";
import { termsMutants } from "./terms.ts";
import { v1Mutants } from "./v1.ts";
import { verifiedMutants } from "./verified.ts";
import { waitingMutants } from "./waiting.ts";

const mutantsOfBothVersions: readonly FacilitatorMutant[] = [
  ...checkMutants,
  ...answerMutants,
  ...supportedMutants,
  ...reasonMutants,
  ...settlementMutants,
  ...memoryMutants,
  ...verifiedMutants,
  ...termsMutants,
  ...chainMutants,
  ...waitingMutants,
  ...permit2Mutants,
  ...permit2SettlementMutants,
  ...permitChainMutants,
  ...permitMemoryMutants,
  ...sponsoringMutants,
  ...nodeRefusalMutants,
  ...secrecyMutants,
  ...discoveryMutants,
];

/** Every facilitator that is wrong in exactly one way. */
export const facilitatorMutants: readonly FacilitatorMutant[] = [
  ...mutantsOfBothVersions.map(alsoCaughtInV1),
  ...v1Mutants,
];

/** The reference handles payments of both versions alike, so that the twin of a case finds in v1 what that one finds in v2. */
function alsoCaughtInV1<M extends FacilitatorMutant>({ caughtBy, ...mutant }: M) {
  const twins = caughtBy.map(v1IdOf).filter((id) => facilitatorCases.some((known) => known.id === id));
  return { ...mutant, caughtBy: [...new Set([...caughtBy, ...twins])] };
}
