import {
  concat,
  type Hex,
  numberToHex,
  parseSignature,
  serializeCompactSignature,
  serializeErc6492Signature,
  signatureToCompactSignature,
} from "viem";
import {
  type Case,
  defineCase,
  noCrash,
  soldOrTurnedAway,
  status,
  trying,
  turnedAway,
} from "../../engine/seller/index.ts";
import { aSale } from "./sale.ts";
import { eachEitherWay, eachTampered, withOneBitTurned } from "./tampering.ts";

/** The deterministic deployer that most chains have; a counterfactual account would come from one like it. */
const factory = "0x4e59b44847b379578588920cA78FbF26c0B4956C";

/**
 * Signatures in other forms than a key's 65 bytes. Which of them buy something depends on token and facilitator; that
 * none of them buys anything for nothing does not.
 */
export const signatureCases: readonly Case[] = [
  eachEitherWay({
    id: "seller.authorization.other-signature-forms",
    requirement: "S-PAY-21",
    title: "The payer's own signature in another form is refused, or charged as any other",
    changes: {
      "v as 0 or 1": { signature: withParity },
      "compact (EIP-2098)": { signature: compact },
      "wrapped as of an account to be deployed (ERC-6492)": { signature: wrapped },
    },
  }),
  eachTampered({
    id: "seller.authorization.undeployed-account-forged",
    requirement: "S-PAY-21",
    title: "A forged signature wrapped as that of an account to be deployed (ERC-6492) is refused",
    changes: {
      "a stranger's signature": { signedByStranger: true, signature: wrapped },
      "no signature at all": { signature: () => wrapped("0x") },
    },
  }),
  defineCase({
    id: "seller.authorization.smart-account",
    requirement: "S-PAY-21",
    protocol: "any",
    title: "A payment of a smart account (ERC-1271) is refused, or charged as any other",
    control: (t) => t.ask().expect(status(402)),
    probe: async (t) => {
      for (const kind of ["contract", "delegation"] as const) {
        const signedBy = await t.becomeSmartAccount(kind);
        await t
          .buy({ signedBy })
          .expect(trying(kind, noCrash, soldOrTurnedAway))
          .done();
      }
    },
  }),
  defineCase({
    id: "seller.authorization.smart-account-forged",
    requirement: "S-PAY-21",
    protocol: "any",
    title: "A payment of a smart account that its owner did not sign is refused",
    control: aSale,
    probe: async (t) => {
      for (const kind of ["contract", "delegation"] as const) {
        const owner = await t.becomeSmartAccount(kind);
        await t
          .buy()
          .expect(trying(`${kind}, signed by the key of its address`, turnedAway))
          .done();
        await t
          .buy({ signedBy: owner, signature: withOneBitTurned })
          .expect(trying(`${kind}, signed by its owner but for a bit`, turnedAway))
          .done();
      }
    },
  }),
];

function withParity(signature: Hex): Hex {
  const { r, s, yParity } = parseSignature(signature);
  return concat([r, s, numberToHex(yParity, { size: 1 })]);
}

function compact(signature: Hex): Hex {
  return serializeCompactSignature(signatureToCompactSignature(parseSignature(signature)));
}

function wrapped(signature: Hex): Hex {
  return serializeErc6492Signature({ address: factory, data: "0x", signature });
}
