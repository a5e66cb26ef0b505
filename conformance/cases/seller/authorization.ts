import { type Hex, maxUint256, numberToHex, parseSignature, serializeSignature } from "viem";
import { authorizationLead } from "../../engine/index.ts";
import {
  type Case,
  defineCase,
  provided,
  refused,
  served,
  settled,
  turnedAway,
} from "../../engine/seller/index.ts";
import { aSale } from "./sale.ts";
import {
  eachEitherWay,
  eachTampered,
  stranger,
  type Tampering,
  tampered,
  withOneBitTurned,
} from "./tampering.ts";

/** Seconds. */
const day = 86_400n;

/** The claimed terms are the seller's, but what is signed does not fulfil them. */
const forgeries: readonly Tampering[] = [
  {
    id: "seller.authorization.underpaid-by-one",
    requirement: "S-PAY-21",
    title: "An authorization for one atomic unit too little is refused",
    change: { authorization: (a) => ({ ...a, value: a.value - 1n }) },
  },
  {
    id: "seller.authorization.overpaid-by-one",
    requirement: "S-PAY-21",
    title: "An authorization for one atomic unit too much is refused",
    change: { authorization: (a) => ({ ...a, value: a.value + 1n }) },
  },
  {
    id: "seller.authorization.pays-nothing",
    requirement: "S-PAY-21",
    title: "An authorization for nothing is refused",
    change: { authorization: (a) => ({ ...a, value: 0n }) },
  },
  {
    id: "seller.authorization.more-than-there-is",
    requirement: "S-PAY-21",
    title: "An authorization for the largest amount that can be written is refused",
    change: { authorization: (a) => ({ ...a, value: maxUint256 }) },
  },
  {
    id: "seller.authorization.pays-another",
    requirement: "S-PAY-21",
    title: "An authorization that pays somebody else is refused",
    change: { authorization: (a) => ({ ...a, to: stranger }) },
  },
  {
    id: "seller.authorization.signed-by-a-stranger",
    requirement: "S-PAY-21",
    title: "An authorization that the payer did not sign is refused",
    change: { signedByStranger: true },
  },
  {
    id: "seller.authorization.expired",
    requirement: "S-PAY-21",
    title: "An authorization that has expired is refused",
    change: { authorization: (a) => ({ ...a, validAfter: a.validAfter - day, validBefore: a.validAfter }) },
  },
  {
    id: "seller.authorization.not-yet-valid",
    requirement: "S-PAY-21",
    title: "An authorization that is not valid yet is refused",
    change: {
      authorization: (a) => ({
        ...a,
        validAfter: a.validBefore + day,
        validBefore: a.validBefore + 2n * day,
      }),
    },
  },
  {
    id: "seller.authorization.for-another-chain",
    requirement: "S-PAY-21",
    title: "An authorization signed for another chain is refused",
    change: { domain: (domain) => ({ ...domain, chainId: domain.chainId + 1 }) },
  },
  {
    id: "seller.authorization.for-another-token",
    requirement: "S-PAY-21",
    title: "An authorization signed for another token is refused",
    change: { domain: (domain) => ({ ...domain, verifyingContract: stranger }) },
  },
  {
    id: "seller.authorization.malleable-signature",
    requirement: "S-PAY-21",
    title: "A signature turned into its high-s twin is refused",
    change: { signature: highS },
  },
  {
    id: "seller.authorization.broken-signature",
    requirement: "S-PAY-21",
    title: "A signature with one byte changed is refused",
    change: { signature: withOneBitTurned },
  },
  {
    id: "seller.authorization.payer-without-funds",
    requirement: "S-PAY-21",
    title: "A payment of somebody who holds nothing is refused",
    change: { byUnfundedPayer: true },
  },
];

/** The other signature that secp256k1 allows for the same message: s on the far side of the curve's order, v flipped. */
function highS(signature: Hex): Hex {
  const { r, s, yParity } = parseSignature(signature);
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  return serializeSignature({
    r,
    s: numberToHex(order - BigInt(s), { size: 32 }),
    yParity: yParity === 0 ? 1 : 0,
  });
}

/** Authorizations that do not pay what was asked for, or cannot. */
export const authorizationCases: readonly Case[] = [
  ...forgeries.map(tampered),
  eachTampered({
    id: "seller.authorization.for-another-domain",
    requirement: "S-PAY-21",
    title: "An authorization signed under another token name or version is refused",
    changes: {
      name: { domain: (domain) => ({ ...domain, name: `${domain.name} Classic` }) },
      version: { domain: (domain) => ({ ...domain, version: `${domain.version}.1` }) },
    },
  }),
  eachEitherWay({
    id: "seller.authorization.ends-in-a-moment",
    requirement: "S-PAY-21",
    title: "An authorization that ends in a moment is refused, or settled in time",
    changes: {
      "in 3 s": { authorization: (a) => ({ ...a, validBefore: a.validAfter + authorizationLead + 3n }) },
    },
  }),
  defineCase({
    id: "seller.authorization.forged-in-a-buyers-name",
    requirement: "S-ORD-08",
    title: "A buyer in whose name others send forged payments can still buy",
    control: aSale,
    probe: async (t) => {
      for (let forgery = 0; forgery < 3; forgery++)
        await t.buy({ signedByStranger: true }).expect(provided(refused)).done();
      await t.buy().expect(served, settled(1)).done();
    },
  }),
  defineCase({
    id: "seller.authorization.spent-elsewhere",
    requirement: "S-PAY-21",
    title: "An authorization that somebody has already spent on chain is refused",
    control: aSale,
    probe: async (t) => {
      const payment = await t.prepare();
      await t.spendOnChain(payment);
      await t.resend(payment).expect(turnedAway).done();
    },
  }),
  defineCase({
    id: "seller.authorization.cancelled",
    requirement: "S-PAY-21",
    title: "An authorization that the payer has cancelled on chain is refused",
    control: aSale,
    probe: async (t) => {
      const payment = await t.prepare();
      await t.cancelOnChain(payment);
      await t.resend(payment).expect(turnedAway).done();
    },
  }),
  defineCase({
    id: "seller.authorization.blacklisted-payer",
    requirement: "S-PAY-21",
    title: "A payment of somebody whom the token has frozen is refused",
    control: aSale,
    probe: async (t) => {
      await t.blacklistPayer();
      await t.buy().expect(turnedAway).done();
    },
  }),
  defineCase({
    id: "seller.authorization.paused-token",
    requirement: "S-PAY-21",
    protocol: "any",
    title: "A payment in a token that is paused is refused",
    alone: true,
    control: aSale,
    probe: (t) => t.whileTokenPaused(t.buy().expect(turnedAway)),
  }),
];
