import { ask } from "./ask.ts";
import { authorize } from "./authorize.ts";
import { readChallenge } from "./challenge.ts";
import { choose } from "./choose.ts";
import { conclude } from "./conclude.ts";
import { composePayment } from "./payment.ts";
import { approve, checkPolicy } from "./policy.ts";
import { present } from "./present.ts";
import { recall } from "./recall.ts";
import { encode } from "./request.ts";
import { retry } from "./retry.ts";
import { sign } from "./sign.ts";
import { resolveSigner } from "./signer.ts";
import { supportedEntry } from "./supported-entry.ts";

/** The steps of a purchase, in the order in which `prepare` and `execute` take them (`prepare.ts`, `execute.ts`). */
export const clientSteps = {
  /** Holds the request in memory, so that it can be sent twice. */
  encode,
  /** Was something signed for this purchase before? */
  recall,
  /** Sends the request without a payment. */
  ask,
  /** What does the 402 demand? */
  readChallenge,
  /** Can this client pay an entry of `accepts`, and how? */
  support: supportedEntry,
  /** May it be paid? Asked of each entry, and once more of the one that is about to be signed. */
  checkPolicy,
  /** Which one is paid? */
  choose,
  /** Does the owner say yes? */
  approve,
  /** Who signs? */
  resolveSigner,
  /** The transfer to be signed. */
  authorize,
  /** Has it signed. */
  sign,
  /** The message that pays. */
  composePayment,
  /** Repeats the request with the payment. */
  present,
  /** What does the answer say about goods and money? */
  conclude,
  /** After a failure: what is presented next? */
  retry,
};

/** The steps of a purchase; a client that differs in one replaces that one. */
export type ClientSteps = Readonly<typeof clientSteps>;
