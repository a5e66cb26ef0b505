import { concat, type Hex, hexToNumber, numberToHex, parseSignature, serializeSignature, slice } from "viem";
import {
  accepted,
  type Case,
  type Cause,
  defineCase,
  moved,
  nothingBroadcast,
  type OrderChange,
  refused,
} from "../../engine/facilitator/index.ts";
import { field, type JsonObject } from "../../engine/index.ts";
import { atPrice, priceOf } from "./price.ts";
import { stranger } from "./stranger.ts";

/** Seconds. */
const day = 86_400n;

/** Order of the curve secp256k1. */
const curveOrder = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** One thing wrong with a payment that is otherwise honest, in each of the ways in which it can be wrong. */
interface Flaw {
  /** Last part of the ids of the two cases: one asks /verify, the other /settle. */
  readonly name: string;
  readonly requirement: string;
  /** The rule for /settle, where it need not check again what /verify only should. */
  readonly settleRequirement?: string;
  /** What is refused. */
  readonly what: string;
  readonly changes: readonly OrderChange[];
  /** Why it is refused; without one, any code will do. */
  readonly causes?: readonly Cause[];
}

const flaws: readonly Flaw[] = [
  {
    name: "signed-by-a-stranger",
    requirement: "F-V-01",
    what: "An authorization that the payer did not sign",
    changes: [{ signedByStranger: true }],
    causes: ["signature"],
  },
  {
    name: "altered-signature",
    requirement: "F-V-02",
    what: "A signature with any one byte altered",
    changes: [0, 31, 32, 63, 64].map((index) => ({
      signature: (signature) => withByteAltered(signature, index),
    })),
    causes: ["signature"],
  },
  {
    name: "altered-after-signing",
    requirement: "F-V-03",
    what: "An authorization of which a field was altered after signing",
    changes: [
      {
        ...inAuthorization("value", (value) => String(BigInt(value) + 1n)),
        terms: (terms) => dearer(terms, 1n),
      },
      { ...inAuthorization("to", () => stranger), terms: (terms) => ({ ...terms, payTo: stranger }) },
      inAuthorization("nonce", (nonce) => withByteAltered(asHex(nonce), 7)),
      inAuthorization("validAfter", (time) => String(BigInt(time) - 1n)),
      inAuthorization("validBefore", (time) => String(BigInt(time) + 1n)),
      inAuthorization("from", () => stranger),
    ],
  },
  {
    name: "for-another-domain",
    requirement: "F-V-04",
    what: "An authorization signed for another chain, contract, name or version",
    changes: [
      { domain: (domain) => ({ ...domain, chainId: domain.chainId + 1 }) },
      { domain: (domain) => ({ ...domain, verifyingContract: stranger }) },
      { domain: (domain) => ({ ...domain, name: `${domain.name} ` }) },
      { domain: (domain) => ({ ...domain, version: `${domain.version}0` }) },
    ],
    causes: ["signature"],
  },
  {
    name: "malleable-signature",
    requirement: "F-V-05",
    what: "A signature turned into its high-s twin",
    changes: [{ signature: highS }],
    causes: ["signature"],
  },
  {
    name: "underpaid-by-one",
    requirement: "F-V-06",
    what: "A payment of one atomic unit too little",
    changes: [{ authorization: (a) => ({ ...a, value: a.value - 1n }) }],
    causes: ["amount"],
  },
  {
    name: "underpaid-with-nothing",
    requirement: "F-V-06",
    what: "A payment of nothing",
    changes: [{ authorization: (a) => ({ ...a, value: 0n }) }],
    causes: ["amount"],
  },
  {
    name: "overpaid-by-one",
    requirement: "F-V-07",
    what: "A payment of one atomic unit too much",
    changes: [{ authorization: (a) => ({ ...a, value: a.value + 1n }) }],
    causes: ["amount"],
  },
  {
    name: "pays-another",
    requirement: "F-V-08",
    what: "A payment to somebody else than payTo",
    changes: [{ authorization: (a) => ({ ...a, to: stranger }) }],
    causes: ["recipient"],
  },
  {
    name: "accepted-another-network",
    requirement: "F-V-09",
    what: "A payment whose accepted.network is another than the requirements'",
    changes: [{ accepted: (entry) => ({ ...entry, network: "eip155:8453" }) }],
    causes: ["network"],
  },
  {
    name: "accepted-another-scheme",
    requirement: "F-V-10",
    what: "A payment whose accepted.scheme is another than the requirements'",
    changes: [{ accepted: (entry) => ({ ...entry, scheme: "upto" }) }],
    causes: ["scheme"],
  },
  {
    name: "in-another-token",
    requirement: "F-V-11",
    what: "A payment that was signed for another token than the requirements name",
    changes: [
      {
        domain: (domain) => ({ ...domain, verifyingContract: stranger }),
        accepted: (entry) => ({ ...entry, asset: stranger }),
      },
    ],
  },
  {
    name: "accepted-another-price",
    requirement: "F-V-12",
    settleRequirement: "F-V-12",
    what: "A payment whose accepted amount, payTo or asset disagrees with the requirements",
    changes: [
      { accepted: (entry) => ({ ...entry, amount: "1" }) },
      { accepted: (entry) => ({ ...entry, payTo: stranger }) },
      { accepted: (entry) => ({ ...entry, asset: stranger }) },
    ],
  },
  {
    name: "expired",
    requirement: "F-V-13",
    what: "An authorization that has expired",
    changes: [
      { authorization: (a) => ({ ...a, validAfter: a.validAfter - day, validBefore: a.validAfter }) },
    ],
    causes: ["expired"],
  },
  {
    name: "not-yet-valid",
    requirement: "F-V-15",
    what: "An authorization that is not valid yet",
    changes: [
      {
        authorization: (a) => ({
          ...a,
          validAfter: a.validBefore + day,
          validBefore: a.validBefore + 2n * day,
        }),
      },
    ],
    causes: ["not yet valid"],
  },
  {
    name: "more-than-the-payer-holds",
    requirement: "F-V-16",
    what: "A payment of more than the payer holds",
    changes: [
      {
        terms: (terms) => dearer(terms, fortune),
        authorization: (a) => ({ ...a, value: a.value + fortune }),
      },
    ],
    causes: ["funds"],
  },
  {
    name: "unknown-payer",
    requirement: "F-V-17",
    what: "A payment of somebody who never held anything",
    changes: [{ byUnfundedPayer: true }],
    causes: ["funds"],
  },
  {
    name: "short-nonce",
    requirement: "F-V-21",
    what: "An authorization whose nonce is not 32 bytes",
    changes: [
      inAuthorization("nonce", (nonce) => nonce.slice(0, -2)),
      inAuthorization("nonce", (nonce) => `${nonce}00`),
      inAuthorization("nonce", () => "0x"),
      inAuthorization("nonce", () => "once"),
    ],
  },
  {
    name: "domain-not-told",
    requirement: "F-V-24",
    what: "A payment whose requirements do not give the token's domain",
    changes: [{ terms: ({ extra: _, ...terms }) => terms }, { terms: (terms) => ({ ...terms, extra: {} }) }],
    causes: ["requirements"],
  },
];

/** More than any payer of a case holds, in atomic units. */
const fortune = 10n ** 15n;

/** Every flaw must be found by /verify, and by /settle on its own: nothing says that /verify was asked before. */
export const paymentCases: readonly Case[] = flaws.flatMap(
  ({ name, requirement, settleRequirement = "F-S-06", what, changes, causes = [] }) => [
    defineCase({
      id: `facilitator.verify.${name}`,
      requirement,
      title: `${what} does not verify`,
      control: (t) => t.verify().expect(accepted),
      probe: async (t) => {
        for (const change of changes)
          await t
            .verify(change)
            .expect(refused(...causes), nothingBroadcast, moved(0))
            .done();
      },
    }),
    defineCase({
      id: `facilitator.settle.${name}`,
      requirement: settleRequirement,
      title: `${what} is not settled, although nothing was verified`,
      control: (t) => t.settle().expect(accepted, moved(1)),
      probe: async (t) => {
        for (const change of changes)
          await t.settle(change).expect(refused(), nothingBroadcast, moved(0)).done();
      },
    }),
  ],
);

/** Alters a field of the authorization in the payload, after it was signed. */
function inAuthorization(name: string, alter: (value: string) => string): OrderChange {
  return {
    payload: (payload) => {
      const authorization = payload.authorization;
      const value = String(field(authorization, name) ?? "");
      return { ...payload, authorization: { ...Object(authorization), [name]: alter(value) } };
    },
  };
}

function dearer(terms: JsonObject, more: bigint): JsonObject {
  return atPrice(terms, String(priceOf(terms) + more));
}

function withByteAltered(bytes: Hex, index: number): Hex {
  const altered = numberToHex(hexToNumber(slice(bytes, index, index + 1)) ^ 0x04, { size: 1 });
  const before = index === 0 ? [] : [slice(bytes, 0, index)];
  const isLast = bytes.length === 2 + 2 * (index + 1);
  return concat([...before, altered, ...(isLast ? [] : [slice(bytes, index + 1)])]);
}

function highS(signature: Hex): Hex {
  const { r, s, yParity } = parseSignature(signature);
  return serializeSignature({
    r,
    s: numberToHex(curveOrder - BigInt(s), { size: 32 }),
    yParity: yParity === 0 ? 1 : 0,
  });
}

function asHex(text: string): Hex {
  return `0x${text.replace(/^0x/, "")}`;
}
