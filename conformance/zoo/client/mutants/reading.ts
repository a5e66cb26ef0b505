import { toBase64Json } from "#sandbox";
import {
  asking,
  challengeOf,
  firstEntry,
  forgery,
  isMessage,
  misreading,
  misreadingHeader,
  payeeNamedIn,
} from "../messages.ts";
import { type ClientMutant, replacing } from "../mutant.ts";

/** Clients that read a 402 wrongly. */
export const readingMutants: readonly ClientMutant[] = [
  {
    id: "reads-latin1",
    breaks: "Decodes the challenge as if every byte were a letter.",
    caughtBy: ["client.challenge.utf8"],
    build: misreadingHeader((header) => {
      const bytes = Buffer.from(header, "base64");
      const text = bytes.toString("latin1");
      return text === bytes.toString("utf8") ? undefined : Buffer.from(text, "utf8").toString("base64");
    }),
  },
  {
    id: "writes-latin1",
    breaks: "Cannot write a payment whose texts have letters beyond Latin-1.",
    caughtBy: ["client.challenge.any-script"],
    build: replacing("composePayment", (original, reached) => (...order) => {
      const message = original(...order);
      if ([...JSON.stringify(message)].every((letter) => letter <= "\u00ff")) return message;
      reached();
      throw new Error("The string to be encoded contains characters outside of the Latin1 range.");
    }),
  },
  {
    id: "prefers-the-body",
    breaks: "Takes the challenge from the body, though there is one in the header.",
    caughtBy: ["client.challenge.body-is-irrelevant"],
    build: misreading(async (_challenge, response) => {
      const body = await jsonBody(response);
      return body?.x402Version === 2 ? body : undefined;
    }),
  },
  {
    id: "looks-into-the-body",
    breaks: "Pays a v2 challenge that is in the body only.",
    caughtBy: ["client.challenge.only-in-the-body"],
    build: replacing("readChallenge", (original, reached) => async (response) => {
      const body = response.headers.has("payment-required") ? undefined : await jsonBody(response);
      if (body?.x402Version !== 2) return original(response);
      reached();
      return { ...(await original(asking(body))), response };
    }),
  },
  {
    id: "guesses-what-it-cannot-decode",
    breaks: "Pays usual terms when it cannot decode the challenge.",
    caughtBy: [
      "client.challenge.not-base64",
      "client.challenge.not-json",
      "client.challenge.null",
      "client.challenge.array",
      "client.challenge.base64url",
    ],
    build: replacing("readChallenge", (original, reached) => async (response) => {
      if (!response.headers.has("payment-required") || challengeOf(response) !== undefined)
        return original(response);
      reached();
      return { ...(await original(asking(forgery))), response };
    }),
  },
  {
    id: "mends-json",
    breaks: "Closes the braces of a challenge that was cut off, and pays it.",
    caughtBy: ["client.challenge.not-json"],
    build: misreadingHeader((header) => {
      const text = Buffer.from(header, "base64").toString("utf8");
      const mended = `${text}}`;
      return parsed(text) === undefined && parsed(mended) !== undefined
        ? Buffer.from(mended).toString("base64")
        : undefined;
    }),
  },
  {
    id: "takes-the-first-of-many",
    breaks: "Pays the first of an array of challenges.",
    caughtBy: ["client.challenge.array"],
    build: misreadingHeader((header) => {
      const message = parsed(Buffer.from(header, "base64").toString("utf8"));
      return Array.isArray(message) ? toBase64Json(message[0]) : undefined;
    }),
  },
  {
    id: "knows-every-version",
    breaks: "Pays a challenge of a version that it cannot know.",
    caughtBy: ["client.challenge.other-version"],
    build: misreading((challenge) =>
      challenge.x402Version === 2 ? undefined : { ...challenge, x402Version: 2 },
    ),
  },
  {
    id: "pays-for-nothing-asked",
    breaks: "Pays usual terms when the challenge accepts nothing.",
    caughtBy: ["client.challenge.nothing-accepted"],
    build: misreading((challenge) =>
      firstEntry(challenge) === undefined ? { ...challenge, accepts: forgery.accepts } : undefined,
    ),
  },
  {
    id: "needs-no-resource",
    breaks: "Pays a challenge that does not say for what.",
    caughtBy: ["client.challenge.no-resource"],
    build: misreading((challenge) =>
      challenge.resource === undefined ? { ...challenge, resource: forgery.resource } : undefined,
    ),
  },
  {
    id: "pays-base64url-challenges",
    breaks: "Takes base64url for base64.",
    caughtBy: ["client.challenge.base64url"],
    build: misreadingHeader((header) =>
      /[-_]/.test(header) ? header.replaceAll("-", "+").replaceAll("_", "/") : undefined,
    ),
  },
  {
    id: "pays-padded-challenges-only",
    breaks: "Refuses base64 without its padding.",
    caughtBy: ["client.challenge.unpadded"],
    build: misreadingHeader((header) => (header.length % 4 === 0 ? undefined : "no base64")),
  },
  {
    id: "pays-whatever-the-status",
    breaks: "Pays every answer that carries a challenge.",
    caughtBy: ["client.challenge.on-200", "client.challenge.on-403", "client.challenge.on-500"],
    build: replacing("ask", (original, reached) => async (...asking) => {
      const asked = await original(...asking);
      const { status, headers } = asked.response;
      if (status === 402 || !headers.has("payment-required")) return asked;
      reached();
      return { ...asked, response: new Response(null, { status: 402, headers }) };
    }),
  },
  {
    id: "knows-all-fields",
    breaks: "Refuses a challenge with a field that it does not know.",
    caughtBy: ["client.challenge.unknown-fields"],
    build: misreading((challenge) => (challenge.requestId === undefined ? undefined : { refused: true })),
  },
  {
    id: "obeys-errors",
    breaks: "Pays whom the text of `error` names.",
    caughtBy: ["client.texts.order-in-error"],
    build: misreading((challenge) => payingWhomItNames(challenge, challenge.error)),
  },
  {
    id: "obeys-descriptions",
    breaks: "Pays whom the description of the resource names.",
    caughtBy: ["client.texts.order-in-description"],
    build: misreading((challenge) =>
      payingWhomItNames(
        challenge,
        isMessage(challenge.resource) ? challenge.resource.description : undefined,
      ),
    ),
  },
  {
    id: "obeys-extensions",
    breaks: "Pays whom the text of an extension names.",
    caughtBy: ["client.texts.order-in-extension"],
    build: misreading((challenge) => {
      const payTo = payeeNamedIn(JSON.stringify(challenge.extensions));
      return payTo === undefined
        ? undefined
        : { ...challenge, accepts: [{ ...firstEntry(challenge), payTo }] };
    }),
  },
  {
    id: "reads-challenges-anywhere",
    breaks: "Pays the payee of a challenge that is quoted in `error`.",
    caughtBy: ["client.texts.challenge-in-error"],
    build: misreading((challenge) => {
      const inner = parsed(String(challenge.error));
      const entry = isMessage(inner) ? firstEntry(inner) : undefined;
      const own = firstEntry(challenge);
      return entry === undefined ? undefined : { ...challenge, accepts: [{ ...own, payTo: entry.payTo }] };
    }),
  },
  {
    id: "gets-lost-in-the-depth",
    breaks: "Pays usual terms when a challenge is nested too deep for it.",
    caughtBy: ["client.size.deeply-nested"],
    build: misreading((challenge) =>
      JSON.stringify(challenge).includes('{"a":'.repeat(64)) ? forgery : undefined,
    ),
  },
];

async function jsonBody(response: Response): Promise<Record<string, unknown> | undefined> {
  const message = parsed(await response.clone().text());
  return isMessage(message) ? message : undefined;
}

function payingWhomItNames(challenge: Record<string, unknown>, text: unknown) {
  const named = payeeNamedIn(text);
  if (named === undefined || parsed(String(text)) !== undefined) return undefined;
  return { ...challenge, accepts: [{ ...firstEntry(challenge), payTo: named }] };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
