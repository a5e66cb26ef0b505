import { type Case, defineCase, signedNothing } from "../../engine/client/index.ts";

/** A 402 that cannot be read, or is none. */
export const challengeCases: readonly Case[] = [
  defineCase({
    id: "client.challenge.not-base64",
    requirement: "C-CH-04",
    title: "A challenge that is not base64 is not paid",
    probe: (t) => t.sells({ asks: { header: () => "%%% not base64 %%%" } }).expect(signedNothing),
  }),
  defineCase({
    id: "client.challenge.other-version",
    requirement: "C-CH-05",
    title: "A challenge of an unknown x402 version is not paid",
    probe: (t) =>
      t
        .sells({ asks: { challenge: (challenge) => ({ ...challenge, x402Version: 3 }) } })
        .expect(signedNothing),
  }),
];
