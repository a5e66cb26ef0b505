import type { Address } from "viem";
import type { PaymentRequirements } from "../../protocol/index.ts";
import type { Exchange, Offer, PaymentTerms } from "../exchange.ts";
import { requestHash } from "../request-hash.ts";
import type { Route } from "../route.ts";

/** How long an authorization for this seller should live, in seconds. */
const maxTimeoutSeconds = 300;

/**
 * What this request costs; `undefined` when it is free. The same request always gets the same offer, so that the
 * paid retry can be held against it.
 */
export function offer({ route, request, seller, settler }: Exchange): Offer | undefined {
  if (route.price === undefined) return undefined;
  const requirements = requirementsFor(route, route.price, seller.terms, settler);
  const hash = requestHash(route.method, request);
  return {
    resource: { url: request.url, description: route.description, mimeType: route.mimeType },
    requirements: { ...requirements, extra: { ...requirements.extra, requestHash: hash } },
    requestHash: hash,
  };
}

/**
 * How to pay a price, in atomic units, whatever request it is for.
 *
 * @param settler the facilitator's account, which `upto` is signed for (upto on EVM, §2)
 */
export function requirementsFor(
  { paidBy }: Pick<Route, "paidBy">,
  price: bigint,
  { payTo, network, asset, domain }: PaymentTerms,
  settler?: Address,
): PaymentRequirements {
  return {
    scheme: paidBy === "upto" ? "upto" : "exact",
    network,
    amount: String(price),
    asset,
    payTo,
    maxTimeoutSeconds,
    extra: {
      name: domain.name,
      version: domain.version,
      ...(paidBy === "eip3009" ? {} : { assetTransferMethod: "permit2" }),
      ...(settler === undefined ? {} : { facilitatorAddress: settler }),
    },
  };
}
