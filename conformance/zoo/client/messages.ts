import { type clientSteps, fromBase64Json, type PaymentError, toBase64Json } from "#sandbox";
import { type ClientMutant, replacing } from "./mutant.ts";

/** A message as it came in; nothing about its shape is assumed. */
export type Message = Record<string, unknown>;

/** Somebody whom nobody should pay. */
export const nobody = "0x00000000000000000000000000000000DeaDBeef";

/** Reads another challenge than the v2 one that came in; the same one where `change` gives `undefined`. */
export function misreading(
  change: (challenge: Message, response: Response) => Message | undefined | Promise<Message | undefined>,
): ClientMutant["build"] {
  return replacing("readChallenge", (original, reached) => async (response) => {
    const challenge = challengeOf(response);
    const changed = challenge === undefined ? undefined : await change(challenge, response);
    if (changed === undefined) return original(response);
    reached();
    return { ...(await original(asking(changed))), response };
  });
}

/** Reads another header than the one that came in; the same one where `change` gives `undefined`. */
export function misreadingHeader(change: (header: string) => string | undefined): ClientMutant["build"] {
  return replacing("readChallenge", (original, reached) => async (response) => {
    const header = response.headers.get("payment-required");
    const changed = header === null ? undefined : change(header);
    if (changed === undefined) return original(response);
    reached();
    return { ...(await original(withHeader(changed))), response };
  });
}

/** Reads every entry of a v2 challenge otherwise; as it is where `change` gives `undefined`. */
export function misreadingEntries(change: (entry: Message) => Message | undefined): ClientMutant["build"] {
  return misreading((challenge) => withEntries(challenge, change));
}

/** A challenge whose entries were changed; `undefined` where `change` left every one as it was. */
export function withEntries(
  challenge: Message,
  change: (entry: Message) => Message | undefined,
): Message | undefined {
  const { accepts } = challenge;
  if (!Array.isArray(accepts)) return undefined;
  const changed = accepts.map((entry: unknown) => (isMessage(entry) ? change(entry) : undefined));
  if (changed.every((entry) => entry === undefined)) return undefined;
  return { ...challenge, accepts: changed.map((entry, index) => entry ?? accepts[index]) };
}

/** Whom a text tells its reader to pay. */
export function payeeNamedIn(text: unknown): string | undefined {
  return /pay \d+ .*to (0x[0-9a-f]{40})/i.exec(String(text))?.[1];
}

/** Sends another v2 payment than the one that was composed; the same one where `change` gives `undefined`. */
export function misstating(change: (payment: Message) => Message | undefined): ClientMutant["build"] {
  return replacing("present", (original, reached) => (request, payment, ...rest) => {
    const changed = payment.message.x402Version === 2 ? change({ ...payment.message }) : undefined;
    if (changed === undefined) return original(request, payment, ...rest);
    reached();
    return original(request, { ...payment, header: toBase64Json(changed) }, ...rest);
  });
}

type Authorize = (typeof clientSteps)["authorize"];
type Authorization = ReturnType<Authorize>;

/** Signs another transfer by EIP-3009 than was asked for; the same one where `change` gives `undefined`. */
export function signing(
  change: (authorization: Authorization) => Authorization | undefined,
): ClientMutant["build"] {
  return replacing("authorize", (original, reached) => (choice, ...rest) => {
    const authorization = original(choice, ...rest);
    const changed = choice.method === "eip3009" ? change(authorization) : undefined;
    if (changed === undefined) return authorization;
    reached();
    return changed;
  });
}

type Domain = Extract<Parameters<(typeof clientSteps)["sign"]>[0], { readonly method: "eip3009" }>["domain"];

/** Signs under another domain of the token; under its own where `change` gives `undefined`. */
export function signingUnder(
  change: (domain: Domain, requirements: Message) => Domain | undefined,
): ClientMutant["build"] {
  return replacing("sign", (original, reached) => (choice, ...rest) => {
    const changed = choice.method === "eip3009" ? change(choice.domain, choice.requirements) : undefined;
    if (choice.method !== "eip3009" || changed === undefined) return original(choice, ...rest);
    reached();
    return original({ ...choice, domain: changed }, ...rest);
  });
}

/** Signs again, up to three times, after a failure of a certain kind. */
export function signingAgain(after: (failure: PaymentError) => boolean): ClientMutant["build"] {
  return replacing("retry", (original, reached) => async (presentation) => {
    const { failure, made, signAnother } = presentation;
    if (signAnother === undefined || made > 3 || !after(failure)) return original(presentation);
    reached();
    return signAnother();
  });
}

/** The v2 challenge of an answer, if it can be read. */
export function challengeOf(response: Response | undefined): Message | undefined {
  const header = response?.headers.get("payment-required");
  const message = typeof header === "string" ? fromBase64Json(header) : undefined;
  return message?.ok && isMessage(message.value) ? message.value : undefined;
}

/** The first entry of a challenge. */
export function firstEntry(challenge: Message | undefined): Message | undefined {
  const first: unknown = Array.isArray(challenge?.accepts) ? challenge.accepts[0] : undefined;
  return isMessage(first) ? first : undefined;
}

/** A 402 that asks with this message. */
export function asking(challenge: unknown): Response {
  return withHeader(toBase64Json(challenge));
}

/** The honest challenge's twin, with somebody else to pay: what a client would believe that believes anything. */
export const forgery: Message = {
  x402Version: 2,
  resource: { url: "http://127.0.0.1/report" },
  accepts: [
    {
      scheme: "exact",
      network: "eip155:84532",
      amount: "1000",
      asset: "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
      payTo: nobody,
      maxTimeoutSeconds: 60,
      extra: { name: "USDC", version: "2" },
    },
  ],
};

/** A message within a message; an empty one where there is none. */
export function part(message: Message, key: string): Message {
  const value = message[key];
  return isMessage(value) ? value : {};
}

export function isMessage(value: unknown): value is Message {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function withHeader(header: string): Response {
  return new Response(null, { status: 402, headers: { "payment-required": header } });
}
