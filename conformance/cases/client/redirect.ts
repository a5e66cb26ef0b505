import {
  type Case,
  defineCase,
  delivers,
  movesAway,
  movesWithin,
  signedOnce,
  stopped,
  withheldFrom,
} from "../../engine/client/index.ts";

/** A payment goes to the one who asked, whoever sends the client where. */
export const redirectCases: readonly Case[] = [
  ...[301, 302, 303, 307, 308].map((status) =>
    defineCase({
      id: `client.redirect.paid-${status}`,
      requirement: "C-PAY-24",
      title: `A payment that is answered with ${status} to another host does not go there`,
      probe: (t) => t.sells({ answers: [movesAway(status)] }).expect(withheldFrom("stranger")),
    }),
  ),
  defineCase({
    id: "client.redirect.paid-in-two-steps",
    requirement: "C-PAY-24",
    title: "A payment that is sent round the shop first does not go to another host either",
    probe: (t) => t.sells({ answers: [movesWithin(307), movesAway(307)] }).expect(withheldFrom("stranger")),
  }),
  defineCase({
    id: "client.redirect.paid-within-the-shop",
    requirement: "C-PAY-20",
    title: "A payment that was taken and answered with a redirect within the shop is not made again",
    probe: (t) =>
      t.sells({ answers: [movesWithin(307, { takesMoney: true }), delivers()] }).expect(signedOnce, stopped),
  }),
  ...[302, 307].map((status) =>
    defineCase({
      id: `client.redirect.unpaid-${status}`,
      requirement: "C-SEC-03",
      title: `A client that was sent on with ${status} pays nothing to the host that never asked`,
      probe: (t) => t.sells({ asks: { movedWith: status } }).expect(withheldFrom("shop")),
    }),
  ),
  defineCase({
    id: "client.redirect.resource-elsewhere",
    requirement: "C-SEC-03",
    title: "A payment does not go where `resource` points, but where the request went",
    probe: (t) => t.sells({ asks: { resourceElsewhere: true } }).expect(withheldFrom("stranger"), signedOnce),
  }),
];
