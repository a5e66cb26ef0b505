import { type Case, defineCase, movesAway, withheldFrom } from "../../engine/client/index.ts";

/** A payment goes to the one who asked, whoever sends the client where. */
export const redirectCases: readonly Case[] = [
  ...[302, 307, 308].map((status) =>
    defineCase({
      id: `client.redirect.paid-${status}`,
      requirement: "C-PAY-24",
      title: `A payment that is answered with ${status} to another host does not go there`,
      probe: (t) => t.sells({ answers: [movesAway(status)] }).expect(withheldFrom("stranger")),
    }),
  ),
  ...[302, 307].map((status) =>
    defineCase({
      id: `client.redirect.unpaid-${status}`,
      requirement: "C-SEC-03",
      title: `A client that was sent on with ${status} pays nothing to the host that never asked`,
      probe: (t) => t.sells({ asks: { movedWith: status } }).expect(withheldFrom("shop")),
    }),
  ),
];
