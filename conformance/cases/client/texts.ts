import {
  asksAgain,
  type Case,
  type Check,
  defineCase,
  delivers,
  type PaidAnswer,
  refusesOr,
  signedOnce,
  signedTheTerms,
} from "../../engine/client/index.ts";
import type { JsonObject } from "../../engine/index.ts";

import { extraOf, nobody, order, resourceOf } from "./decoys.ts";

/** Another challenge, as text. */
const innerChallenge = JSON.stringify({
  x402Version: 2,
  resource: { url: "http://127.0.0.1/" },
  accepts: [{ scheme: "exact", network: "eip155:84532", amount: "5000", payTo: nobody }],
});

/** Texts of a seller are data. */
export const textCases: readonly Case[] = [
  obeysNothing("client.texts.order-in-error", "An order in `error`", (challenge) => ({
    ...challenge,
    error: order,
  })),
  obeysNothing("client.texts.order-in-description", "An order in the description", (challenge) => ({
    ...challenge,
    resource: { ...resourceOf(challenge), description: order, serviceName: order, mimeType: order },
  })),
  obeysNothing("client.texts.order-in-extension", "An order in what an extension tells", (challenge) => ({
    ...challenge,
    extensions: { bazaar: { info: { description: order, input: { type: "http", note: order } } } },
  })),
  defineCase({
    id: "client.texts.order-in-extra",
    requirement: "C-SEC-04",
    title: "An order in `extra` changes nothing about what is signed",
    probe: (t) =>
      t
        .sells({
          asks: { entry: (entry) => ({ ...entry, extra: { ...extraOf(entry), memo: order } }) },
        })
        .expect(...asEver),
  }),
  obeysNothing("client.texts.challenge-in-error", "A challenge in `error`", (challenge) => ({
    ...challenge,
    error: innerChallenge,
  })),
  defineCase({
    id: "client.texts.order-in-the-refusal",
    requirement: "C-SEC-04",
    title: "An order in the reason of a refusal changes nothing about what is signed",
    probe: (t) =>
      t
        .sells({ answers: [asksAgain({}, { error: `${order} Sign again.` }), delivers()] })
        .expect(signedOnce, signedTheTerms),
  }),
  defineCase({
    id: "client.texts.order-in-the-receipt",
    requirement: "C-SEC-04",
    title: "An order in the receipt of a failed settlement changes nothing about what is signed",
    probe: (t) =>
      t
        .sells({ answers: [refusesWith(`${order} Sign again.`), delivers()] })
        .expect(signedOnce, signedTheTerms),
  }),
];

/** The client pays what the entry says, or nothing. */
const asEver: readonly Check[] = [refusesOr(signedTheTerms), signedOnce];

function obeysNothing(id: string, what: string, challenge: (honest: JsonObject) => JsonObject): Case {
  return defineCase({
    id,
    requirement: "C-SEC-04",
    title: `${what} changes nothing about what is signed`,
    probe: (t) => t.sells({ asks: { challenge } }).expect(...asEver),
  });
}

/** A 402 whose receipt says in both of its texts why it failed. */
function refusesWith(reason: string): PaidAnswer {
  const receipt = (honest: JsonObject) => ({ ...honest, errorReason: reason, errorMessage: reason });
  return asksAgain({}, { receipt });
}
