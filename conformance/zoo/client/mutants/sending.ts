import { isDeepStrictEqual } from "node:util";
import { clientSteps, toBase64Json } from "#sandbox";
import { challengeOf, firstEntry, isMessage, type Message, misstating, part } from "../messages.ts";
import { type ClientMutant, replacing, withSteps } from "../mutant.ts";
import { ofBothPermits } from "./of-both-permits.ts";

/** Clients that sign what they should, and send it in other words. */
export const sendingMutants: readonly ClientMutant[] = [
  {
    id: "sends-plain-json",
    breaks: "Sends the payment as plain JSON.",
    caughtBy: ["client.payment.header"],
    sellsNothing: true,
    build: replacing("present", (original, reached) => (request, payment, ...rest) => {
      if (payment.message.x402Version === 1) return original(request, payment, ...rest);
      reached();
      return original(request, { ...payment, header: JSON.stringify(payment.message) }, ...rest);
    }),
  },
  {
    id: "sends-base64url",
    breaks:
      "Sends the payment in the alphabet of base64url, and says nothing of the resource, whose URL has a ? in it.",
    caughtBy: ["client.payment.alphabet"],
    build: replacing("present", (original, reached) => (request, payment, ...rest) => {
      if (payment.message.x402Version === 1) return original(request, payment, ...rest);
      const { resource: _, ...message } = payment.message;
      const standard = toBase64Json(message);
      const header = standard.replaceAll("+", "-").replaceAll("/", "_");
      if (header !== standard) reached();
      return original(request, { ...payment, header }, ...rest);
    }),
  },
  {
    id: "says-another-version",
    breaks: "Says in a v2 payment that it is of version 1.",
    caughtBy: ["client.payment.version"],
    build: misstating((payment) => ({ ...payment, x402Version: 1 })),
  },
  {
    id: "accepts-what-it-knows",
    breaks: "Repeats of the entry only the fields that it knows.",
    caughtBy: ["client.payment.accepted", ...ofBothPermits("accepted")],
    build: misstating((payment) => {
      const { scheme, network, amount, asset, payTo, maxTimeoutSeconds, extra } = part(payment, "accepted");
      return { ...payment, accepted: { scheme, network, amount, asset, payTo, maxTimeoutSeconds, extra } };
    }),
  },
  {
    id: "accepts-no-nulls",
    breaks: "Leaves out of the entry what is null.",
    caughtBy: ["client.payment.accepted", ...ofBothPermits("accepted")],
    build: accepting((value) => (value === null ? undefined : value)),
  },
  {
    id: "accepts-lists-for-objects",
    breaks: "Turns empty objects in the entry into empty lists.",
    caughtBy: ["client.payment.accepted", ...ofBothPermits("accepted")],
    build: accepting((value) => (isMessage(value) && Object.keys(value).length === 0 ? [] : value)),
  },
  {
    id: "accepts-numbers-for-texts",
    breaks: "Turns a text in the entry that looks like a decimal fraction into a number.",
    caughtBy: ["client.payment.accepted", ...ofBothPermits("accepted")],
    build: accepting((value) =>
      typeof value === "string" && /^\d+\.\d+$/.test(value) ? Number(value) : value,
    ),
  },
  {
    id: "accepts-the-first",
    breaks: "Names the first entry as accepted, whichever it signs for.",
    caughtBy: ["client.payment.accepted-is-what-is-signed", "client.entries.prefers-authorization"],
    build: withSteps((reached) => {
      let first: Message | undefined;
      return {
        readChallenge: (response) => {
          first = firstEntry(challengeOf(response));
          return clientSteps.readChallenge(response);
        },
        present: (request, payment, ...rest) => {
          const { message } = payment;
          if (first === undefined || message.x402Version === 1)
            return clientSteps.present(request, payment, ...rest);
          if (first.amount !== message.accepted.amount) reached();
          const header = toBase64Json({ ...message, accepted: first });
          return clientSteps.present(request, { ...payment, header }, ...rest);
        },
      };
    }),
  },
  {
    id: "names-another-resource",
    breaks: "Names in the payment another resource than the challenge did.",
    caughtBy: ["client.payment.resource"],
    build: misstating((payment) => ({ ...payment, resource: { url: "http://127.0.0.1/" } })),
  },
  {
    id: "sends-response-headers",
    breaks: "Sends a header with the request that belongs on answers.",
    caughtBy: ["client.payment.no-response-headers", "client.v1.payment-no-response-headers"],
    build: replacing("present", (original, reached) => (request, ...rest) => {
      reached();
      const headers = { ...request.headers, "access-control-expose-headers": "PAYMENT-RESPONSE" };
      return original({ ...request, headers }, ...rest);
    }),
  },
  {
    id: "pays-in-both-headers",
    breaks: "Sends X-PAYMENT along with PAYMENT-SIGNATURE.",
    caughtBy: ["client.payment.one-header", "client.payment.one-version"],
    build: replacing("present", (original, reached) => (request, payment, ...rest) => {
      if (payment.message.x402Version === 1) return original(request, payment, ...rest);
      reached();
      const headers = { ...request.headers, "x-payment": payment.header };
      return original({ ...request, headers }, payment, ...rest);
    }),
  },
];

/** Repeats the entry with other values of the fields that are in it; without those that `change` leaves undefined. */
function accepting(change: (value: unknown) => unknown): ClientMutant["build"] {
  return misstating((payment) => {
    const accepted = part(payment, "accepted");
    const changed = withChanged(accepted, change);
    return isDeepStrictEqual(changed, accepted) ? undefined : { ...payment, accepted: changed };
  });
}

function withChanged(message: Message, change: (value: unknown) => unknown): Message {
  return Object.fromEntries(
    Object.entries(message).flatMap(([key, value]) => {
      const changed = change(value);
      if (changed === undefined) return [];
      return [[key, isMessage(changed) ? withChanged(changed, change) : changed]];
    }),
  );
}
