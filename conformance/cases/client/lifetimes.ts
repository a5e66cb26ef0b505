import {
  type Case,
  type Check,
  type Demand,
  defineCase,
  everyAuthorization,
  refusesOr,
} from "../../engine/client/index.ts";
import { Finding, type Json } from "../../engine/index.ts";

import { endsWithin, skew } from "./authorization.ts";

/** How long what is signed can be taken, when a shop asks for something absurd or has another time. */
export const lifetimeCases: readonly Case[] = [
  lifetime("no-lifetime", "A payment that may take no time at all is not signed for longer", 0, skew),
  lifetime("negative-lifetime", "A lifetime below nothing is not signed for longer", -60, skew),
  lifetime("endless-lifetime", "A lifetime of ten years is refused or capped", 315_360_000, 31_536_000n),
  defineCase({
    id: "client.authorization.lifetime-in-text",
    requirement: "C-PAY-12",
    title: "A maxTimeoutSeconds that is a text makes no authorization live longer",
    probe: (t) => t.sells({ asks: timeout("60") }).expect(refusesOr(everyAuthorization(endsWithin(60n)))),
  }),
  defineCase({
    id: "client.authorization.date-of-the-seller",
    requirement: "C-PAY-12",
    title: "The seller's clock does not decide how long an authorization lives",
    probe: (t) =>
      t
        .sells({ asks: { headers: { date: "Tue, 01 Jan 2036 00:00:00 GMT" } } })
        .expect(refusesOr(livesAtMost(86_400n))),
  }),
];

function lifetime(id: string, title: string, maxTimeoutSeconds: number, most: bigint): Case {
  return defineCase({
    id: `client.entries.${id}`,
    requirement: "C-PAY-13",
    title,
    probe: (t) => t.sells({ asks: timeout(maxTimeoutSeconds) }).expect(refusesOr(livesAtMost(most))),
  });
}

function livesAtMost(seconds: bigint): Check {
  return everyAuthorization(({ validBefore }) => {
    const life = validBefore - BigInt(Math.floor(Date.now() / 1000));
    if (life <= seconds) return;
    throw new Finding("The authorization lives too long.", `${seconds} s at most`, `${life} s`);
  });
}

function timeout(maxTimeoutSeconds: Json): Demand {
  return { entry: (entry) => ({ ...entry, maxTimeoutSeconds }) };
}
