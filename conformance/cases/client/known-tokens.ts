import {
  type Check,
  isSignedForTheToken,
  type Observed,
  paymentsOf,
  type SeenPayment,
  signedNothing,
  told,
} from "../../engine/client/index.ts";
import { Difference, Finding, field } from "../../engine/index.ts";

/**
 * Nothing is signed for an entry that must not be paid. Of what is signed for the sandbox's token where the entry has
 * another one, that is said: it follows no name in the entry, it overlooks the asset.
 */
export const noPaymentForOtherTokens: Check = async (observed) => {
  const { asset, offered, tokenDomain } = observed;
  const others = offered
    .map((entry) => String(field(entry, "asset")))
    .filter((other) => !isSame(other, asset));
  const payment = others.length > 0 ? await signedForTheToken(observed) : undefined;
  if (payment === undefined) return signedNothing(observed);
  throw new Finding(
    `It is signed for ${tokenDomain.name}, the sandbox's token at ${asset}, and not for the entry's asset.`,
    `no payment for ${others[0]}`,
    told(payment),
  );
};

/**
 * A client may have a table of the tokens that it pays. What it signs is right then, by whatever it knows: `extra` has
 * the token's own domain by its definition, and a shop that says otherwise is wrong itself.
 */
export function unlessItKnowsTheToken(check: Check, expected: string): Check {
  return async (observed) => {
    const payment = await signedForTheToken(observed);
    if (payment === undefined) return check(observed);
    throw new Difference(
      "It is signed under a domain that the entry does not name: the token's own, by a table or a lucky guess.",
      expected,
      told(payment),
    );
  };
}

/** The first payment, if it is signed under the own domain of the sandbox's token. */
async function signedForTheToken(observed: Observed): Promise<SeenPayment | undefined> {
  const [payment] = paymentsOf(observed);
  return payment !== undefined && (await isSignedForTheToken(payment, observed)) ? payment : undefined;
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
