import {
  type Case,
  type Check,
  defineCase,
  everyAuthorization,
  everyPayment,
  isSignedUnder,
  refusesOr,
} from "../../engine/client/index.ts";
import { Finding, type JsonObject } from "../../engine/index.ts";

import { extraOf, nobody } from "./decoys.ts";

/** Entries of another chain or kind: what is signed for them is of that chain or kind, or there is nothing. */
export const otherKindCases: readonly Case[] = [
  defineCase({
    id: "client.authorization.chain-of-the-entry",
    requirement: "C-PAY-14",
    title: "An entry on another EVM chain is signed for that chain, or not at all",
    probe: (t) => t.sells({ asks: { entry: on("eip155:1") } }).expect(refusesOr(isSignedForChain(1))),
  }),
  defineCase({
    id: "client.v1.chain-of-the-entry",
    requirement: "C-PAY-14",
    protocol: "x402@1",
    title: "A v1 entry on another chain is signed for that chain, or not at all",
    probe: (t) => t.sells({ asks: { entry: on("base") } }).expect(refusesOr(isSignedForChain(8453))),
  }),
  ...[
    {
      id: "client.authorization.not-for-permit2",
      requirement: "C-CH-06",
      title: "An entry that asks for Permit2 gets no EIP-3009 authorization",
      change: (extra: JsonObject) => ({ extra: { ...extra, assetTransferMethod: "permit2" } }),
    },
    {
      id: "client.authorization.not-for-upto",
      requirement: "C-CH-06",
      title: "An entry of scheme upto gets no EIP-3009 authorization",
      change: (extra: JsonObject) => ({ scheme: "upto", extra: { ...extra, facilitatorAddress: nobody } }),
    },
  ].map(({ change, ...definition }) =>
    defineCase({
      ...definition,
      probe: (t) =>
        t
          .sells({ asks: { entry: (entry) => ({ ...entry, ...change(extraOf(entry)) }) } })
          .expect(noTransferAuthorization),
    }),
  ),
];

const noTransferAuthorization: Check = refusesOr(
  everyPayment(({ authorization }) => {
    if (authorization === undefined) return;
    const { value, to } = authorization;
    throw new Finding("An EIP-3009 authorization is signed.", "what was asked for", `${value} to ${to}`);
  }),
);

function isSignedForChain(chainId: number): Check {
  return everyAuthorization(async (authorization, observed) => {
    const { tokenDomain, asset } = observed;
    await isSignedUnder(authorization, { ...tokenDomain, chainId, verifyingContract: asset }, observed);
  });
}

function on(network: string): (entry: JsonObject) => JsonObject {
  return (entry) => ({ ...entry, network });
}
