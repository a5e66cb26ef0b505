import {
  concat,
  type Hex,
  numberToHex,
  parseSignature,
  serializeCompactSignature,
  signatureToCompactSignature,
  slice,
} from "viem";
import {
  accepted,
  type Case,
  defineCase,
  type Merchant,
  moved,
  type OrderChange,
  refused,
  survived,
} from "../../engine/facilitator/index.ts";
import { field, type JsonObject } from "../../engine/index.ts";

/** Honest payments in other forms than the usual one. */
export const formCases: readonly Case[] = [
  defineCase({
    id: "facilitator.api.resource-left-out",
    requirement: "F-API-01",
    title: "A payment that names no resource verifies and is settled",
    probe: (t) => isTaken(t, { paymentPayload: ({ resource: _, ...payment }) => payment }),
  }),
  defineCase({
    id: "facilitator.settlement.addresses-in-lower-case",
    requirement: "F-V-08",
    title: "Addresses in lower case are the same addresses, in the terms and in what was signed",
    probe: (t) =>
      isTaken(t, {
        terms: (terms) => inLowerCase(terms, "asset", "payTo"),
        payload: (payload) => ({
          ...payload,
          authorization: inLowerCase(Object(field(payload, "authorization")), "from", "to"),
        }),
      }),
  }),
  defineCase({
    id: "facilitator.settlement.valid-since-ever",
    requirement: "F-V-15",
    title: "An authorization with validAfter 0, which always was valid, verifies and is settled",
    probe: (t) => isTaken(t, { authorization: (authorization) => ({ ...authorization, validAfter: 0n }) }),
  }),
  defineCase({
    id: "facilitator.settlement.other-signature-forms",
    requirement: "F-V-27",
    title: "A signature of 64 bytes, or with 0 or 1 for 27 or 28, is settled if it verifies, else refused",
    control: (t) => t.settle().expect(accepted, moved(1)),
    probe: async (t) => {
      for (const signature of [compact, withParity]) {
        const order = await t.order({ signature });
        const { json } = await t.present("verify", order).expect(survived).done();
        const isValid = field(json, "isValid") === true;
        await t
          .present("settle", order)
          .expect(...(isValid ? [accepted, moved(1)] : [refused(), moved(0)]))
          .done();
      }
    },
  }),
];

async function isTaken(t: Merchant, change: OrderChange): Promise<void> {
  const order = await t.order(change);
  await t.present("verify", order).expect(accepted).done();
  await t.present("settle", order).expect(accepted, moved(1)).done();
}

function inLowerCase(object: JsonObject, ...names: readonly string[]): JsonObject {
  const lowered = names.map((name) => [name, String(object[name]).toLowerCase()] as const);
  return { ...object, ...Object.fromEntries(lowered) };
}

/** 64 bytes (EIP-2098). */
function compact(signature: Hex): Hex {
  return serializeCompactSignature(signatureToCompactSignature(parseSignature(signature)));
}

function withParity(signature: Hex): Hex {
  const { yParity } = parseSignature(signature);
  return concat([slice(signature, 0, 64), numberToHex(yParity, { size: 1 })]);
}
