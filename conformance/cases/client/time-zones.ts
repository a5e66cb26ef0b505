import { type Case, defineCase, everyAuthorization, providedItPays } from "../../engine/client/index.ts";
import { endsWithin, isValidYet } from "./authorization.ts";

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
    title: `The authorization of a program in ${timeZone} is valid now, and for as long as asked`,
    needs: ["takes-environment"],
    probe: (t) =>
      t.sells({ timeZone }).expect(
        providedItPays,
        everyAuthorization((authorization, observed, payment) => {
          isValidYet(authorization, payment.at);
          endsWithin(60n)(authorization, observed, payment);
        }),
      ),
  }),
);
