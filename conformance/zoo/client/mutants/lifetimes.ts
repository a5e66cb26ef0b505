import { clientSteps } from "#sandbox";
import { firstEntry, misreadingEntries, signing, withEntries } from "../messages.ts";
import { type ClientMutant, replacing, withSteps } from "../mutant.ts";
import { permittingTransfer } from "../permitting.ts";
import { demandIn } from "../v1-messages.ts";
import { aheadOfUtc } from "../zone.ts";
import { ofBothPermits } from "./of-both-permits.ts";

/** Clients whose signatures live longer than they may. */
export const lifetimeMutants: readonly ClientMutant[] = [
  {
    id: "counts-in-local-time",
    breaks: "Takes local time, five hours behind, for UTC.",
    caughtBy: ["client.authorization.not-expired", "client.v1.authorization-not-expired"],
    sellsNothing: true,
    build: signing(({ validBefore, ...authorization }) => ({
      ...authorization,
      validBefore: String(BigInt(validBefore) - 18_000n),
    })),
  },
  {
    id: "counts-by-the-clock-on-the-wall",
    breaks: "Takes the local time of its time zone, if it has one, for UTC.",
    caughtBy: ["east", "west"].flatMap((side) => [
      `client.authorization.${side}-of-utc`,
      `client.v1.authorization-${side}-of-utc`,
    ]),
    build: signing(({ validBefore, ...authorization }) => {
      const seconds = aheadOfUtc();
      if (seconds === 0) return undefined;
      return { ...authorization, validBefore: String(Number(validBefore) + seconds) };
    }),
  },
  {
    id: "counts-in-local-time-for-permits",
    breaks: "Takes local time, five hours behind, for UTC when it signs a permit.",
    caughtBy: ofBothPermits("not-expired"),
    build: permittingTransfer(({ validBefore, ...transfer }) => ({
      ...transfer,
      validBefore: String(BigInt(validBefore) - 18_000n),
    })),
  },
  {
    id: "mends-lifetimes",
    breaks: "Takes a timeout of nothing for five minutes.",
    caughtBy: ["client.entries.no-lifetime"],
    build: misreadingEntries((entry) =>
      entry.maxTimeoutSeconds === 0 ? { ...entry, maxTimeoutSeconds: 300 } : undefined,
    ),
  },
  {
    id: "believes-lifetimes",
    breaks: "Signs for as long as it is told to, be it ten years.",
    caughtBy: [
      "client.entries.endless-lifetime",
      "client.permit2.endless-lifetime",
      "client.upto.endless-lifetime",
      "client.v1.entries-endless-lifetime",
    ],
    build: replacing("authorize", (original, reached) => (choice, payer, now) => {
      const { maxTimeoutSeconds } = choice.requirements;
      if (maxTimeoutSeconds > 3_600) reached();
      return { ...original(choice, payer, now), validBefore: String(now + maxTimeoutSeconds) };
    }),
  },
  {
    id: "overlooks-the-sign-of-lifetimes",
    breaks: "Takes a lifetime below nothing for five minutes.",
    caughtBy: ["client.entries.negative-lifetime"],
    build: misreadingEntries((entry) =>
      Number(entry.maxTimeoutSeconds) < 0 ? { ...entry, maxTimeoutSeconds: 300 } : undefined,
    ),
  },
  {
    id: "glues-lifetimes",
    breaks: "Appends a lifetime that is a text to the present time, digit by digit.",
    caughtBy: [
      "client.authorization.lifetime-in-text",
      "client.v1.authorization-lifetime-in-text",
      ...ofBothPermits("lifetime-in-text"),
    ],
    build: withSteps((reached) => {
      let text: string | undefined;
      return {
        readChallenge: async (response) => {
          const demand = await demandIn(response);
          const timeout = firstEntry(demand?.challenge)?.maxTimeoutSeconds;
          if (demand === undefined || typeof timeout !== "string") return clientSteps.readChallenge(response);
          text = timeout;
          const maxTimeoutSeconds = Number(timeout);
          const read = withEntries(demand.challenge, (entry) => ({ ...entry, maxTimeoutSeconds }));
          if (read === undefined) return clientSteps.readChallenge(response);
          return { ...(await clientSteps.readChallenge(demand.saying(read))), response };
        },
        authorize: (choice, payer, now) => {
          const authorization = clientSteps.authorize(choice, payer, now);
          if (text === undefined) return authorization;
          reached();
          return { ...authorization, validBefore: `${now}${text}` };
        },
      };
    }),
  },
  {
    id: "believes-the-date",
    breaks: "Takes the Date of the seller's answer for the present time.",
    caughtBy: ["client.authorization.date-of-the-seller"],
    build: withSteps((reached) => {
      let date = 0;
      return {
        readChallenge: async (response) => {
          date = Math.floor(Date.parse(response.headers.get("date") ?? "") / 1000);
          return clientSteps.readChallenge(response);
        },
        authorize: (choice, payer, now) => {
          if (!(date > now + 60)) return clientSteps.authorize(choice, payer, now);
          reached();
          return clientSteps.authorize(choice, payer, date);
        },
      };
    }),
  },
];
