import {
  type Case,
  defineCase,
  everyAuthorization,
  hintAt,
  providedItPays,
  secondOf,
} from "../../engine/client/index.ts";
import { Finding } from "../../engine/index.ts";
import { hasNotExpired, isValidYet, skew } from "./authorization.ts";

/** Where clocks on the wall differ most from UTC for many people, to the one side and to the other. */
const places = [
  { id: "east-of-utc", timeZone: "Asia/Kolkata" },
  { id: "west-of-utc", timeZone: "America/New_York" },
];

/** Machines that run tests tend to be in UTC, where a client that counts in local time does no harm. */
export const timeZoneCases: readonly Case[] = places.map(({ id, timeZone }) =>
  defineCase({
    id: `client.authorization.${id}`,
    requirement: "C-PAY-12",
    title: `The authorization of a program in ${timeZone} is valid now, and for no longer than elsewhere`,
    needs: ["takes-environment"],
    probe: async (t) => {
      let usual = 0n;
      await t
        .sellsHonestly()
        .expect(
          everyAuthorization(({ validBefore }, _observed, { at }) => {
            usual = validBefore - secondOf(at);
          }),
        )
        .done();
      await t
        .sells({ timeZone })
        .expect(
          providedItPays,
          everyAuthorization((authorization, _observed, { at }) => {
            isValidYet(authorization, at);
            hasNotExpired(authorization, at);
            const life = authorization.validBefore - secondOf(at);
            if (life <= usual + skew) return;
            throw new Finding(
              `It lives longer than in the machine's own time zone${hintAt(life - usual)}.`,
              `within ${usual} s`,
              `after ${life} s`,
            );
          }),
        )
        .done();
    },
  }),
);
