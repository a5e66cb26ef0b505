import {
  asksAgain,
  type Case,
  type Check,
  defineCase,
  delivers,
  type PaidAnswer,
  showed,
  signedOnce,
  signedTheTerms,
  stopped,
} from "../../engine/client/index.ts";
import { field, type Json, type JsonObject } from "../../engine/index.ts";

import { mishaps } from "./mishaps.ts";

/** Words that no client can have of its own. */
const reason = "the till is closed between noon and one";

/** A client that has signed once is asked again, or left in the dark: one call is one payment. */
export const againCases: readonly Case[] = [
  defineCase({
    id: "client.again.endless-402",
    requirement: "C-PAY-20",
    title: "A client that is asked to pay again and again signs once, and stops",
    probe: (t) => t.sells({ answers: [asksAgain()] }).expect(signedOnce, stopped),
  }),
  ...mishaps.map(({ answers, ...definition }) =>
    defineCase({
      ...definition,
      probe: (t) =>
        t.sells({ answers: [...answers, delivers()] }).expect(signedOnce, stopped, signedTheTerms),
    }),
  ),
  defineCase({
    id: "client.again.in-the-other-version",
    requirement: "C-PAY-20",
    title: "A payment that was taken and refused in one version is not made again in the other",
    probe: (t) =>
      t
        .sells({
          asks: { alsoInV1: {} },
          answers: [asksAgain({ alsoInV1: {} }, { takesMoney: true }), delivers()],
        })
        .expect(signedOnce, stopped),
  }),
  defineCase({
    id: "client.again.by-another-entry",
    requirement: "C-PAY-20",
    title: "A payment that was taken and refused is not made again by another entry",
    probe: (t) => {
      const asks = { accepts: (entry: JsonObject) => [entry, { ...entry, maxTimeoutSeconds: 30 }] };
      return t
        .sells({ asks, answers: [asksAgain(asks, { takesMoney: true }), delivers()] })
        .expect(signedOnce, stopped);
    },
  }),
  defineCase({
    id: "client.again.reason-reaches-the-caller",
    requirement: "C-PAY-21",
    title: "The reason of a second 402 reaches the caller",
    needs: ["shows-content"],
    probe: (t) =>
      t.sells({ answers: [asksAgain({ body: inWords }, { error: reason })] }).expect(tells(reason)),
  }),
  defineCase({
    id: "client.again.reason-in-the-header-alone",
    requirement: "C-PAY-21",
    title: "The reason of a second 402 reaches the caller, also when its body is empty JSON",
    needs: ["takes-requests"],
    probe: (t) =>
      t.sells({ answers: [asksAgain({ body: () => "{}" }, { error: reason })] }).expect(tells(reason)),
  }),
  defineCase({
    id: "client.again.failure-in-the-header-alone",
    requirement: "C-SET-02",
    title: "That a settlement failed reaches the caller, also when the body is empty JSON",
    needs: ["takes-requests"],
    probe: (t) =>
      t.sells({ answers: [failedWith("insufficient_funds", "{}")] }).expect(tells("insufficient_funds")),
  }),
  defineCase({
    id: "client.again.failure-reaches-the-caller",
    requirement: "C-SET-02",
    title: "That a settlement failed reaches the caller",
    needs: ["shows-content"],
    probe: (t) =>
      t.sells({ answers: [failedWith("insufficient_funds")] }).expect(tells("insufficient_funds")),
  }),
  defineCase({
    id: "client.again.unknown-reason",
    requirement: "C-SET-05",
    title: "A reason of failure that nobody knows reaches the caller, too",
    needs: ["shows-content"],
    probe: (t) =>
      t.sells({ answers: [failedWith("moon_phase_unfavourable")] }).expect(tells("moon_phase_unfavourable")),
  }),
];

/** A 402 that says in its receipt, and unless told in its body for callers who read neither header, why it failed. */
function failedWith(errorReason: string, body = JSON.stringify({ error: errorReason })): PaidAnswer {
  return asksAgain(
    { body: () => body },
    { error: "Payment required", receipt: (honest) => ({ ...honest, errorReason }) },
  );
}

function inWords(challenge: Json): string {
  return JSON.stringify({ error: field(challenge, "error") ?? "" });
}

function tells(text: string): Check {
  return showed("the reason", text);
}
