import {
  accepted,
  type Case,
  defineCase,
  eachSpentItsOwn,
  moved,
  nothingBroadcast,
  type PermitChange,
  refused,
} from "../../engine/facilitator/index.ts";
import { type Json, type JsonObject, objectOf } from "../../engine/index.ts";
import { idOf, needOf, permitSchemes } from "./permit-flaws.ts";
import { stranger } from "./stranger.ts";

/** Permits of either scheme in forms that are wrong, or unusual, and permits that have a nonce in common. */
export const permitFormCases: readonly Case[] = permitSchemes.flatMap((scheme) => [
  defineCase({
    id: `facilitator.${idOf(scheme)}.malformed`,
    requirement: "F-API-11",
    title: `A permit of ${scheme} that cannot be read is refused by /verify and /settle, and the next one is taken`,
    needs: [needOf(scheme)],
    control: (t) => t.permit("verify", scheme).expect(accepted),
    probe: async (t) => {
      // Without codes first, so that no difference of codes hides that one of them breaks the facilitator.
      for (const causes of [[], ["payload", "permit signature"]] as const) {
        for (const endpoint of ["verify", "settle"] as const) {
          for (const payload of malformations) {
            await t
              .permit(endpoint, scheme, { payload })
              .expect(refused(...causes), nothingBroadcast, moved(0))
              .done();
          }
          await t.permit(endpoint, scheme).expect(accepted).done();
        }
      }
    },
  }),
  defineCase({
    id: `facilitator.${idOf(scheme)}.addresses-in-lower-case`,
    requirement: scheme === "upto" ? "F-UP-04" : "F-P2-03",
    title: `Addresses in lower case are the same addresses, be it in the terms or in a permit of ${scheme}`,
    needs: [needOf(scheme)],
    probe: async (t) => {
      for (const change of [{ terms: lowered }, { payload: lowered }]) {
        const order = await t.permitOrder(scheme, change);
        await t.present("verify", order).expect(accepted).done();
        await t.present("settle", order).expect(accepted, moved(1)).done();
      }
    },
  }),
  defineCase({
    id: `facilitator.${idOf(scheme)}.one-nonce-for-two-payees-at-once`,
    requirement: "F-S-05",
    title: `Of permits of ${scheme} for two payees under one nonce, settled at once, only what was transferred is told`,
    needs: [needOf(scheme)],
    control: (t) => t.permit("settle", scheme).expect(accepted, moved(1)),
    probe: async (t) => {
      const first = await t.permitOrder(scheme);
      const second = await t.permitOrder(scheme, {
        terms: (terms) => ({ ...terms, payTo: stranger }),
        permit: (p) => ({ ...p, nonce: first.permit.nonce, witness: { ...p.witness, to: stranger } }),
      });
      await t.settleTogether([first, second, first, second]).expect(eachSpentItsOwn(t)).done();
    },
  }),
]);

const malformations: readonly NonNullable<PermitChange["payload"]>[] = [
  ({ permit2Authorization = null }) => ({ permit2Authorization }),
  ({ signature = null }) => ({ signature }),
  (payload) => ({ ...payload, signature: 7 }),
  (payload) => ({ ...payload, signature: "0x1234" }),
  (payload) => ({ ...payload, signature: "signed" }),
  (payload) => ({ ...payload, permit2Authorization: null }),
  (payload) => ({ ...payload, permit2Authorization: [] }),
  inPermit(({ witness: _, ...permit }) => permit),
  inPermit(({ permitted: _, ...permit }) => permit),
  inPermit((permit) => ({ ...permit, nonce: "once" })),
  inPermit((permit) => ({ ...permit, deadline: "tomorrow" })),
  inPermit((permit) => ({ ...permit, from: "0x1234" })),
  inPermit((permit) => ({ ...permit, permitted: { ...Object(permit.permitted), amount: "-1000" } })),
  inPermit((permit) => ({ ...permit, permitted: { ...Object(permit.permitted), token: null } })),
  inPermit((permit) => ({ ...permit, witness: { ...Object(permit.witness), to: "the seller" } })),
];

/** Alters the permit in the payload, after it was signed. */
function inPermit(alter: (permit: JsonObject) => Json): NonNullable<PermitChange["payload"]> {
  return (payload) => ({
    ...payload,
    permit2Authorization: alter(objectOf(payload.permit2Authorization ?? {})),
  });
}

/** The same with all addresses in it in lower case. */
function lowered(object: JsonObject): JsonObject {
  const text = JSON.stringify(object).replace(/"0x[0-9a-fA-F]{40}"/g, (address) => address.toLowerCase());
  return JSON.parse(text);
}
