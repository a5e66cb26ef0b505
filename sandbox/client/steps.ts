import { ask } from "./ask.ts";
import { authorize } from "./authorize.ts";
import { readChallenge } from "./challenge.ts";
import { choose } from "./choose.ts";
import { conclude } from "./conclude.ts";
import { composePayment } from "./payment.ts";
import { checkPolicy } from "./policy.ts";
import { present } from "./present.ts";
import { sign } from "./sign.ts";

/** The steps of a payment, in order, as `pay` composes them. */
export const clientSteps = {
  ask,
  readChallenge,
  choose,
  checkPolicy,
  authorize,
  sign,
  composePayment,
  present,
  conclude,
};

/** The steps of a payment; a client that differs in one replaces that one. */
export type ClientSteps = Readonly<typeof clientSteps>;
