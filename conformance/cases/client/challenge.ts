import {
  type Case,
  defineCase,
  everyEnvelope,
  paidOnce,
  providedItPays,
  signedNothing,
} from "../../engine/client/index.ts";
import { describeJson, Finding, field, type Json } from "../../engine/index.ts";

import { nobody, resourceOf } from "./decoys.ts";

/** How a 402 is read, and what is none. */
export const challengeCases: readonly Case[] = [
  defineCase({
    id: "client.challenge.utf8",
    requirement: "C-CH-01",
    title: "A challenge is read as base64 of UTF-8",
    probe: (t) =>
      t.sells({ asks: { entry: (entry) => ({ ...entry, note: "Wetter für Zürich: ☀ 25°" }) } }).expect(
        providedItPays,
        everyEnvelope((envelope) => {
          const note = field(field(envelope, "accepted"), "note");
          if (note === undefined || note === "Wetter für Zürich: ☀ 25°") return;
          throw new Finding("The challenge was read in another encoding.", "UTF-8", describeJson(note));
        }),
      ),
  }),
  defineCase({
    id: "client.challenge.any-script",
    requirement: "C-CH-01",
    title: "A description in any script keeps no client from paying",
    probe: (t) =>
      t
        .sells({
          asks: {
            challenge: (challenge) => ({
              ...challenge,
              resource: { ...resourceOf(challenge), description: "Wetter für Zürich ☀ 東京" },
            }),
          },
        })
        .expect(paidOnce),
  }),
  defineCase({
    id: "client.challenge.body-is-irrelevant",
    requirement: "C-CH-02",
    title: "With a challenge in the header, another one in the body changes nothing",
    probe: (t) =>
      t
        .sells({
          asks: { body: payingSomebodyElse },
        })
        .expect(paidOnce),
  }),
  defineCase({
    id: "client.challenge.only-in-the-body",
    requirement: "C-CH-03",
    title: "A v2 challenge that is only in the body is not paid",
    probe: (t) =>
      t
        .sells({ asks: { header: () => undefined, body: (challenge) => JSON.stringify(challenge) } })
        .expect(signedNothing),
  }),
  defineCase({
    id: "client.challenge.base64url",
    requirement: "C-CH-14",
    title: "A challenge in base64url is not paid",
    probe: (t) =>
      t
        .sells({
          asks: {
            // Some text whose base64 has both letters in which the alphabets differ.
            entry: (entry) => ({ ...entry, note: "??????>>>>>>" }),
            header: (value) => value.replaceAll("+", "-").replaceAll("/", "_"),
          },
        })
        .expect(signedNothing),
  }),
  defineCase({
    id: "client.challenge.unpadded",
    requirement: "C-CH-14",
    title: "A challenge without base64 padding is read all the same",
    probe: (t) =>
      t
        .sells({
          asks: { json: inNeedOfPadding, header: (value) => value.replace(/=+$/, "") },
        })
        .expect(paidOnce),
  }),
  ...[200, 403, 500].map((status) =>
    defineCase({
      id: `client.challenge.on-${status}`,
      requirement: "C-CH-16",
      title: `A challenge on an answer of ${status} is not paid`,
      probe: (t) => t.sells({ asks: { status } }).expect(signedNothing),
    }),
  ),
  defineCase({
    id: "client.challenge.unknown-fields",
    requirement: "C-SET-04",
    title: "Fields that nobody knows, anywhere in a challenge, keep no client from paying",
    probe: (t) =>
      t
        .sells({
          asks: {
            entry: (entry) => ({ ...entry, loyalty: { points: 3 } }),
            challenge: (challenge) => ({ ...challenge, requestId: "4711", hints: ["a", null] }),
          },
        })
        .expect(paidOnce),
  }),
];

/** The same challenge, with somebody else as payee. */
function payingSomebodyElse(challenge: Json): string {
  return JSON.stringify(challenge).replaceAll(/"payTo":"[^"]*"/g, `"payTo":"${nobody}"`);
}

/** The same JSON in a length whose base64 ends in padding. */
function inNeedOfPadding(json: string): string {
  return json.length % 3 === 0 ? `${json} ` : json;
}
