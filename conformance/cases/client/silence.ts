import {
  type Case,
  defineCase,
  delivers,
  signedOnce,
  signedTheTerms,
  staysSilent,
  stopped,
} from "../../engine/client/index.ts";

/** Versions, and what the case is called in them. */
const versions = [
  { id: "client.again.silence", protocol: "x402@2", lead: "After" },
  { id: "client.v1.again-silence", protocol: "x402@1", lead: "v1: After" },
] as const;

/** Clients that do not wait for ever: when their own patience is over, they know nothing of their money. */
export const silenceCases: readonly Case[] = versions.map(({ lead, ...version }) =>
  defineCase({
    ...version,
    requirement: "C-PAY-25",
    title: `${lead} a long silence about a payment that was taken, no second payment is signed`,
    probe: (t) =>
      t
        .sells({ answers: [staysSilent({ takesMoney: true }), delivers()] })
        .expect(signedOnce, stopped, signedTheTerms),
  }),
);
