import { isAddressEqual } from "viem";
import {
  type AuthorizationDomain,
  isPayersUnder,
  type SignedAuthorization,
} from "../../oracles/authorization.ts";
import { type PermitScheme, permit2Address } from "../../oracles/permit2.ts";
import { permitSignerOf, type ReceivedPermit } from "../../oracles/received-permit.ts";
import { isOfKeyHolder } from "../../oracles/signature-shape.ts";
import type { JsonObject } from "../../oracles/wire/index.ts";
import { Finding, Unproven } from "../finding.ts";
import { domainSignedUnder, domainText } from "./known-domains.ts";
import type { Check, Observed } from "./observed.ts";
import { cameToAnEnd } from "./presence.ts";
import type { Received, SeenPayment } from "./received.ts";
import { paymentsOf, words } from "./words.ts";

/** Looks into every payment that was sent; there must be one. */
export function everyPayment(
  assertion: (payment: SeenPayment, observed: Observed) => void | Promise<void>,
): Check {
  return async (observed) => {
    const payments = paymentsOf(observed);
    if (payments.length === 0) {
      cameToAnEnd(observed);
      throw new Unproven(`The client did not pay: ${words(observed)}`);
    }
    for (const payment of payments) await assertion(payment, observed);
  };
}

/** Looks into the JSON of every payment; one that cannot be read is for another case. */
export function everyEnvelope(
  assertion: (envelope: JsonObject, observed: Observed) => void | Promise<void>,
): Check {
  return everyPayment(async ({ envelope, problem }, observed) => {
    if (envelope === undefined) throw new Unproven(`The payment cannot be read: ${problem}.`);
    await assertion(envelope, observed);
  });
}

/** Looks into every authorization that was signed; a payment that cannot be read is for another case. */
export function everyAuthorization(
  assertion: (
    authorization: SignedAuthorization,
    observed: Observed,
    payment: SeenPayment,
  ) => void | Promise<void>,
): Check {
  return everyPayment(async (payment, observed) => {
    if (payment.authorization === undefined)
      throw new Unproven(`The payment cannot be read: ${payment.problem}.`);
    await assertion(payment.authorization, observed, payment);
  });
}

/** Looks into every permit that was signed; a payment that cannot be read is for another case. */
export function everyPermit(
  assertion: (permit: ReceivedPermit, observed: Observed, payment: SeenPayment) => void | Promise<void>,
): Check {
  return everyPayment(async (payment, observed) => {
    if (payment.permit === undefined)
      throw new Unproven(
        `The payment holds no permit that can be read: ${payment.problem ?? "it is another kind"}.`,
      );
    await assertion(payment.permit, observed, payment);
  });
}

/** The payer signed the permit, for this scheme and under Permit2's domain; on the run's chain without another. */
export function isPermitSigned(scheme: PermitScheme, onChain?: number): Check {
  return everyPermit(async (permit, { chainId: ownChain }) => {
    const chainId = onChain ?? ownChain;
    if (!isOfKeyHolder(permit)) throw new Unproven("The signature is not that of a key holder.");
    const domain = { name: "Permit2", chainId, verifyingContract: permit2Address } as const;
    const signer = await permitSignerOf(permit, scheme, domain);
    if (signer !== undefined && isAddressEqual(signer, permit.from)) return;
    throw new Finding(
      "The signature is not the payer's over this permit, under Permit2's domain.",
      `signed by ${permit.from} under Permit2 on ${chainId}`,
      signer === undefined ? "no signature of a key holder" : `signed by ${signer}`,
    );
  });
}

/** The payer signed under this domain. */
export async function isSignedUnder(
  authorization: SignedAuthorization,
  domain: AuthorizationDomain,
  observed: Observed,
): Promise<void> {
  if (!isOfKeyHolder(authorization)) throw new Unproven("The signature is not that of a key holder.");
  if (await isPayersUnder(authorization, domain)) return;
  const { from } = authorization;
  const other = await domainSignedUnder(authorization, observed);
  throw new Finding(
    "The signature is not the payer's under the domain that was asked for.",
    `signed by ${from} under ${domainText(domain)}`,
    other === undefined
      ? `not signed by ${from} under any domain that is known here`
      : `signed under ${other}`,
  );
}

/** Whether a payment is an authorization that its payer signed under the token's own domain. */
export async function isSignedForTheToken(
  { authorization }: SeenPayment,
  { tokenDomain, chainId, asset }: Observed,
): Promise<boolean> {
  if (authorization === undefined || !isOfKeyHolder(authorization)) return false;
  return isPayersUnder(authorization, { ...tokenDomain, chainId, verifyingContract: asset });
}

/** Looks into every paid request next to the first one, which asked. */
export function everyRetry(assertion: (retry: Received, first: Received) => void): Check {
  return (observed) => {
    const first = observed.requests.find(({ payments }) => payments.length === 0);
    const retries = observed.requests.filter(({ payments }) => payments.length > 0);
    if (first === undefined || retries.length === 0) {
      cameToAnEnd(observed);
      throw new Unproven(`The client did not ask and then pay: ${words(observed)}`);
    }
    for (const retry of retries) assertion(retry, first);
  };
}
