import { asksAgain, type Case, type Conduct, defineCase, withheldTheKey } from "../../engine/client/index.ts";

/** What a client hears when it looks most at itself: nothing to choose from, nothing to read, a refusal. */
const occasions: readonly Conduct[] = [
  {},
  { asks: { accepts: () => [] } },
  { asks: { json: (text) => text.slice(0, -1) } },
  { answers: [asksAgain()] },
];

/** What must stay with the client. */
export const secretCases: readonly Case[] = [
  defineCase({
    id: "client.secrets.key-stays",
    requirement: "C-SEC-08",
    title: "The payer's private key is in no request, and in nothing that the client tells its caller",
    needs: ["is-sent"],
    probe: async (t) => {
      await Promise.all(occasions.map((conduct) => t.sells(conduct).expect(withheldTheKey).done()));
    },
  }),
];
