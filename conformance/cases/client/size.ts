import {
  type Case,
  defineCase,
  refusesOr,
  signedOnce,
  signedTheTerms,
  stopped,
} from "../../engine/client/index.ts";
import type { Json, JsonObject } from "../../engine/index.ts";

/** How deep the deepest challenge is nested: as deep as fits into a header that every HTTP library reads. */
const depth = 800;

/** Challenges that are too much. */
export const sizeCases: readonly Case[] = [
  defineCase({
    id: "client.size.deeply-nested",
    requirement: "C-SEC-05",
    title: "A deeply nested challenge is paid as it stands, or refused",
    probe: (t) =>
      t
        .sells({ asks: { challenge: (challenge) => ({ ...challenge, hint: nested(depth) }) } })
        .expect(stopped, refusesOr(signedTheTerms), signedOnce),
  }),
  defineCase({
    id: "client.size.huge-header",
    requirement: "C-SEC-05",
    title: "A challenge of 256 kB comes to an end with the client",
    probe: (t) =>
      t
        .sells({ asks: { challenge: (challenge) => ({ ...challenge, hint: "x".repeat(192 * 1024) }) } })
        .expect(stopped, refusesOr(signedTheTerms), signedOnce),
  }),
  defineCase({
    id: "client.size.huge-body",
    requirement: "C-SEC-05",
    title: "A 402 with a body of 2 MB comes to an end with the client",
    probe: (t) =>
      t
        .sells({ asks: { body: () => "x".repeat(2 * 1024 * 1024) } })
        .expect(stopped, refusesOr(signedTheTerms), signedOnce),
  }),
  defineCase({
    id: "client.size.many-entries",
    requirement: "C-SEC-05",
    title: "A challenge of forty entries is paid once, or refused",
    probe: (t) =>
      t
        .sells({ asks: { accepts: (entry) => Array.from({ length: 40 }, () => ({ ...entry })) } })
        .expect(stopped, refusesOr(signedTheTerms), signedOnce),
  }),
];

function nested(levels: number): Json {
  let value: JsonObject = {};
  for (let level = 0; level < levels; level += 1) value = { a: value };
  return value;
}
