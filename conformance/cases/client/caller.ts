import { type Case, defineCase, signedNothing } from "../../engine/client/index.ts";

/** Nobody pays for a caller who does not wait any more. */
export const callerCases: readonly Case[] = [
  defineCase({
    id: "client.caller.gave-up",
    requirement: "C-AUD-01",
    title: "When its caller gave up before the price was told, nothing is paid",
    needs: ["takes-requests"],
    probe: (t) => t.sells({ callerGivesUp: true }).expect(signedNothing),
  }),
];
