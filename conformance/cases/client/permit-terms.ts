import {
  type Case,
  everyPermit,
  isPermitSigned,
  type PermitScheme,
  permit2Proxies,
  providedItPays,
  refusesOr,
  signedAtMost,
  signedNothing,
} from "../../engine/client/index.ts";
import { Finding, type JsonObject } from "../../engine/index.ts";
import { endsWithin } from "./authorization.ts";
import { dear, extraOf, nobody } from "./decoys.ts";
import { acceptsWhatWasOffered, withUnknownFields } from "./payment.ts";
import { permitCase } from "./permits.ts";

/** Where a permit could take what belongs to its entry, or to nobody, from what `extra` says besides. */
const decoys = {
  chainId: 1,
  verifyingContract: nobody,
  permit2Address: nobody,
  spender: nobody,
  proxyAddress: nobody,
  recipient: nobody,
  payTo: nobody,
  deadline: "99999999999",
};

/** Which terms are permitted, and which are left alone; what `entries.ts` and others try of authorizations. */
export function permitTermsCases(scheme: PermitScheme): readonly Case[] {
  return [
    permitCase(scheme, {
      id: "accepted",
      requirement: "C-PAY-04",
      title: "comes with the entry as it was offered, fields that nobody knows included",
      conduct: { asks: { entry: withUnknownFields } },
      checks: [providedItPays, acceptsWhatWasOffered],
    }),
    permitCase(scheme, {
      id: "not-from-extra",
      requirement: "C-PAY-16",
      title: "has its spender, its payee, its end and its chain from the entry, whatever `extra` says",
      conduct: { asks: { entry: (entry) => ({ ...entry, extra: { ...extraOf(entry), ...decoys } }) } },
      checks: [
        providedItPays,
        everyPermit(({ spender, witness, deadline }, observed, payment) => {
          const paid = `${spender} may pay ${witness.to}`;
          const asked = `${permit2Proxies[scheme]} may pay ${observed.payTo}`;
          if (paid.toLowerCase() !== asked.toLowerCase())
            throw new Finding("The permit follows `extra`.", asked, paid);
          endsWithin(60n)({ validBefore: deadline }, observed, payment);
        }),
        isPermitSigned(scheme),
      ],
    }),
    permitCase(scheme, {
      id: "chain-of-the-entry",
      requirement: "C-PAY-16",
      title: "is signed for the chain of its entry, or not at all",
      conduct: { asks: { entry: (entry) => ({ ...entry, network: "eip155:1" }) } },
      checks: [refusesOr(isPermitSigned(scheme, 1))],
    }),
    permitCase(scheme, {
      id: "unknown-flow",
      requirement: "C-CH-08",
      title: "is not signed for an unknown payment flow",
      conduct: { asks: { entry: withExtra({ paymentFlow: "on-account" }) } },
      checks: [signedNothing],
    }),
    permitCase(scheme, {
      id: "amount-hex",
      requirement: "C-CH-11",
      title: "is not signed for an amount in hexadecimal",
      conduct: { asks: { entry: (entry) => ({ ...entry, amount: "0x3e8" }) } },
      checks: [signedNothing],
    }),
    permitCase(scheme, {
      id: "lifetime-in-text",
      requirement: "C-PAY-17",
      title: "lives no longer when maxTimeoutSeconds is a text",
      conduct: { asks: { entry: (entry) => ({ ...entry, maxTimeoutSeconds: "60" }) } },
      checks: [
        refusesOr(
          everyPermit(({ deadline }, observed, payment) =>
            endsWithin(60n)({ validBefore: deadline }, observed, payment),
          ),
        ),
      ],
    }),
    ...[
      { id: "cheap-then-dear", accepts: (entry: JsonObject) => [entry, dear(entry)] },
      { id: "dear-then-cheap", accepts: (entry: JsonObject) => [dear(entry), entry] },
    ].map(({ id, accepts }) =>
      permitCase(scheme, {
        id,
        requirement: "C-SEC-06",
        title: "is never signed for the dear one of two entries, a million dollars",
        conduct: { asks: { accepts } },
        checks: [signedAtMost(1_000n)],
      }),
    ),
  ];
}

function withExtra(fields: JsonObject): (entry: JsonObject) => JsonObject {
  return (entry) => ({ ...entry, extra: { ...extraOf(entry), ...fields } });
}
