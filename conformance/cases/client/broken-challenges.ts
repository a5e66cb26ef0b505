import { isAddressEqual } from "viem";
import {
  boundsOf,
  type Case,
  type Check,
  type Demand,
  defineCase,
  paymentsOf,
  type SeenPayment,
  signedNothing,
  told,
  wasThere,
} from "../../engine/client/index.ts";
import { Finding } from "../../engine/index.ts";

/** A challenge in the header that nobody can pay. */
interface BrokenChallenge {
  readonly id: string;
  readonly requirement: string;
  /** Follows on "a challenge". */
  readonly what: string;
  readonly asks: Demand;
}

const brokenChallenges: readonly BrokenChallenge[] = [
  {
    id: "not-base64",
    requirement: "C-CH-04",
    what: "that is not base64",
    asks: { header: () => "%%% not base64 %%%" },
  },
  {
    id: "not-json",
    requirement: "C-CH-04",
    what: "that is no JSON",
    asks: { json: (text) => text.slice(0, -1) },
  },
  { id: "null", requirement: "C-CH-04", what: "that is JSON null", asks: { json: () => "null" } },
  { id: "array", requirement: "C-CH-04", what: "that is an array", asks: { json: (text) => `[${text}]` } },
  {
    id: "other-version",
    requirement: "C-CH-05",
    what: "of an unknown x402 version",
    asks: { challenge: (challenge) => ({ ...challenge, x402Version: 3 }) },
  },
  {
    id: "nothing-accepted",
    requirement: "C-CH-06",
    what: "that accepts nothing",
    asks: { accepts: () => [] },
  },
  {
    id: "nothing-supported",
    requirement: "C-CH-06",
    what: "with nothing but unknown schemes",
    asks: { entry: (entry) => ({ ...entry, scheme: "barter" }) },
  },
  {
    id: "no-resource",
    requirement: "C-CH-10",
    what: "without `resource`",
    asks: { challenge: ({ resource: _, ...challenge }) => challenge },
  },
];

/** Whom only the body names. */
const bodysPayee = "0x00000000000000000000000000000000c0ffee00";

/** A header that cannot be paid is the end of it, whatever is in the body (x402 v2: with the header there, that says nothing). */
export const brokenChallengeCases: readonly Case[] = brokenChallenges.flatMap(
  ({ id, requirement, what, asks }) => [
    defineCase({
      id: `client.challenge.${id}`,
      requirement,
      title: `A challenge ${what} is not paid`,
      probe: (t) => t.sells({ asks }).expect(signedNothing),
    }),
    defineCase({
      id: `client.challenge.${id}-beside-v1`,
      requirement,
      title: `Beside a challenge ${what}, one of v1 in the body is not paid either`,
      probe: (t) =>
        t
          .sells({
            asks: { ...asks, alsoInV1: { entry: (entry) => ({ ...entry, payTo: bodysPayee }) } },
          })
          .expect(paidNothingOfTheBody),
    }),
  ],
);

/** What it signs otherwise is another case's matter: the one with nothing in the body. */
const paidNothingOfTheBody: Check = (observed) => {
  wasThere(observed);
  const payment = paymentsOf(observed).find(paysTheBody);
  if (payment === undefined) return;
  throw new Finding(
    "The client paid what the body asks for, though there was a challenge in the header.",
    `no payment to ${bodysPayee}`,
    told(payment),
  );
};

/** Whom it pays tells, in whichever header it comes; the header does only where nobody can read that. */
function paysTheBody(payment: SeenPayment): boolean {
  const bounds = boundsOf(payment);
  return bounds === undefined ? payment.protocol === "x402@1" : isAddressEqual(bounds.to, bodysPayee);
}
