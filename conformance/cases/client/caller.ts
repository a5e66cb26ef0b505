import {
  type Case,
  type Check,
  defineCase,
  paymentsOf,
  signedNothing,
  told,
} from "../../engine/client/index.ts";
import { Finding } from "../../engine/index.ts";

/** Who wraps another fetch must not keep the caller's signal from it. */
const paidNothingForNobody: Check = (observed) => {
  const [payment] = paymentsOf(observed);
  if (payment === undefined) return signedNothing(observed);
  throw new Finding(
    "The caller had aborted the request's `signal` before the price was told, and a payment was signed all the same. A module that wraps another client has to hand the signal on to it.",
    "no payment",
    told(payment),
  );
};

/** Nobody pays for a caller who does not wait any more. */
export const callerCases: readonly Case[] = [
  defineCase({
    id: "client.caller.gave-up",
    requirement: "C-AUD-01",
    title: "When its caller gave up before the price was told, nothing is paid",
    needs: ["takes-requests"],
    probe: (t) => t.sells({ callerGivesUp: true }).expect(paidNothingForNobody),
  }),
];
