import type { Case } from "../../engine/client/index.ts";
import { againCases } from "./again.ts";
import { amountCases, v1AmountCases } from "./amounts.ts";
import { answerCases } from "./answer.ts";
import { authorizationCases } from "./authorization.ts";
import { brokenChallengeCases } from "./broken-challenges.ts";
import { callerCases } from "./caller.ts";
import { challengeCases } from "./challenge.ts";
import { entryCases } from "./entries.ts";
import { extensionCases } from "./extensions.ts";
import { lifetimeCases } from "./lifetimes.ts";
import { limitCases } from "./limits.ts";
import { lookCases } from "./looks.ts";
import { missingFieldCases } from "./missing-fields.ts";
import { nonceCases } from "./nonces.ts";
import { otherKindCases } from "./other-kinds.ts";
import { paymentCases } from "./payment.ts";
import { permit2Cases } from "./permit2.ts";
import { redirectCases } from "./redirect.ts";
import { repeatCases } from "./repeats.ts";
import { secondPurchaseCases } from "./second-purchases.ts";
import { secretCases } from "./secrets.ts";
import { signatureCases } from "./signatures.ts";
import { silenceCases } from "./silence.ts";
import { sizeCases } from "./size.ts";
import { textCases } from "./texts.ts";
import { timeZoneCases } from "./time-zones.ts";
import { uptoCases } from "./upto.ts";
import { v1Cases } from "./v1.ts";
import { v1AgainCases } from "./v1-again.ts";
import { alsoInV1 } from "./v1-as-v2.ts";

const v2Cases: readonly Case[] = [
  ...challengeCases,
  ...brokenChallengeCases,
  ...amountCases,
  ...entryCases,
  ...missingFieldCases,
  ...lookCases,
  ...lifetimeCases,
  ...repeatCases,
  ...paymentCases,
  ...authorizationCases,
  ...timeZoneCases,
  ...nonceCases,
  ...otherKindCases,
  ...permit2Cases,
  ...uptoCases,
  ...extensionCases,
  ...againCases,
  ...secondPurchaseCases,
  ...redirectCases,
  ...answerCases,
  ...callerCases,
  ...textCases,
  ...sizeCases,
  ...secretCases,
  ...signatureCases,
];

/** Every case for clients, in the order in which they are reported. */
export const clientCases: readonly Case[] = [
  // They wait for seconds; the others run meanwhile.
  ...silenceCases,
  ...v2Cases,
  ...limitCases,
  ...v1AmountCases,
  ...v1Cases,
  ...v1AgainCases,
  ...alsoInV1(v2Cases),
];
