import type { ClientMutant } from "../mutant.ts";
import { afterwardsMutants } from "./afterwards.ts";
import { againMutants } from "./again.ts";
import { allowanceMutants } from "./allowances.ts";
import { amountMutants } from "./amounts.ts";
import { bodyFallbackMutants } from "./body-fallbacks.ts";
import { choosingMutants } from "./choosing.ts";
import { extensionMutants } from "./extensions.ts";
import { lifetimeMutants } from "./lifetimes.ts";
import { nonceMutants } from "./nonces.ts";
import { otherKindMutants } from "./other-kinds.ts";
import { payingMutants } from "./paying.ts";
import { permitDecoyMutants } from "./permit-decoys.ts";
import { permitMutants } from "./permits.ts";
import { readingMutants } from "./reading.ts";
import { redirectMutants } from "./redirects.ts";
import { rememberingMutants } from "./remembering.ts";
import { repeatingMutants } from "./repeating.ts";
import { secretMutants } from "./secrets.ts";
import { sendingMutants } from "./sending.ts";
import { signatureMutants } from "./signatures.ts";
import { supplyingMutants } from "./supplying.ts";
import { v1Mutants } from "./v1.ts";
import { waitingMutants } from "./waiting.ts";

/** Every client that is wrong in exactly one way. */
export const clientMutants: readonly ClientMutant[] = [
  ...readingMutants,
  ...bodyFallbackMutants,
  ...amountMutants,
  ...choosingMutants,
  ...supplyingMutants,
  ...lifetimeMutants,
  ...otherKindMutants,
  ...permitMutants,
  ...permitDecoyMutants,
  ...allowanceMutants,
  ...sendingMutants,
  ...payingMutants,
  ...signatureMutants,
  ...repeatingMutants,
  ...nonceMutants,
  ...extensionMutants,
  ...secretMutants,
  ...againMutants,
  ...waitingMutants,
  ...rememberingMutants,
  ...redirectMutants,
  ...afterwardsMutants,
  ...v1Mutants,
];
