import {
  asksAgain,
  type Case,
  delivers,
  hangsUp,
  movesAway,
  type PermitScheme,
  providedItPays,
  signedOnce,
  signedTheTerms,
  stopped,
  withheldFrom,
} from "../../engine/client/index.ts";
import type { JsonObject } from "../../engine/index.ts";
import { extraOf } from "./decoys.ts";
import { mishaps } from "./mishaps.ts";
import { anotherNonce } from "./nonces.ts";
import { permitCase } from "./permits.ts";

/** The mishaps of other payments that are tried of permits, too: one of each kind. */
const tried = new Set([
  "client.again.after-503",
  "client.again.higher-price",
  "client.again.pending",
  "client.again.refused-as-used",
  "client.again.unclear-settlement",
]);

/** What follows when a permit was signed: there is no second one, and it goes nowhere else. */
export function permitMishapCases(scheme: PermitScheme): readonly Case[] {
  return [
    ...mishaps
      .filter(({ id }) => tried.has(id))
      .map(({ id, requirement, answers }) =>
        permitCase(scheme, {
          id: id.replace("client.again.", "again-"),
          requirement,
          title: `is the only one of its call: ${id.replace("client.again.", "").replaceAll("-", " ")}`,
          conduct: { answers: [...answers, delivers()] },
          checks: [signedOnce, stopped, signedTheTerms],
        }),
      ),
    permitCase(scheme, {
      id: "lost-answer",
      requirement: "C-PAY-25",
      title: "whose answer was lost is not followed by another one",
      conduct: { answers: [hangsUp({ takesMoney: true }), delivers()] },
      checks: [signedOnce, stopped],
    }),
    permitCase(scheme, {
      id: "endless-402",
      requirement: "C-PAY-20",
      title: "that is refused again and again is not followed by another one",
      conduct: { answers: [asksAgain()] },
      checks: [signedOnce, stopped],
    }),
    permitCase(scheme, {
      id: "again-by-another-method",
      requirement: "C-PAY-20",
      title: "that was taken and refused is not followed by an authorization of EIP-3009",
      conduct: {
        asks: byBothMethods,
        answers: [asksAgain(byBothMethods, { takesMoney: true }), delivers()],
      },
      checks: [signedOnce, stopped],
    }),
    permitCase(scheme, {
      id: "nonce-for-the-same",
      requirement: "C-PAY-10",
      title: "for the same once more has another nonce",
      needs: ["is-sent"],
      conduct: { twice: true },
      checks: [stopped, providedItPays, anotherNonce],
    }),
    permitCase(scheme, {
      id: "redirect-paid-307",
      requirement: "C-PAY-24",
      title: "that is answered with 307 to another host does not go there",
      conduct: { answers: [movesAway(307)] },
      checks: [withheldFrom("stranger")],
    }),
    permitCase(scheme, {
      id: "resource-elsewhere",
      requirement: "C-SEC-03",
      title: "does not go where `resource` points, but where the request went",
      conduct: { asks: { resourceElsewhere: true } },
      checks: [withheldFrom("stranger"), signedOnce],
    }),
  ];
}

/** The same sold for a permit and, in another entry, for an authorization of EIP-3009. */
const byBothMethods = {
  accepts: (entry: JsonObject) => {
    const { name = null, version = null } = extraOf(entry);
    return [entry, { ...entry, scheme: "exact", extra: { name, version } }];
  },
};
