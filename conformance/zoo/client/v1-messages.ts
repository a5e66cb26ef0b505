import { asking, challengeOf, isMessage, type Message, withEntries } from "./messages.ts";
import { type ClientMutant, replacing } from "./mutant.ts";

/** Reads another challenge than the one in the body of a 402; the same one where `change` gives `undefined`. */
export function misreadingBody(change: (text: string) => Message | undefined): ClientMutant["build"] {
  return replacing("readChallenge", (original, reached) => async (response) => {
    const text = response.headers.has("payment-required") ? "" : await response.clone().text();
    const changed = change(text);
    if (changed === undefined) return original(response);
    reached();
    return { ...(await original(new Response(JSON.stringify(changed), { status: 402 }))), response };
  });
}

/** Reads every entry of a v1 challenge otherwise; as it is where `change` gives `undefined`. */
export function misreadingV1Entries(change: (entry: Message) => Message | undefined): ClientMutant["build"] {
  return misreadingBody((text) => {
    const challenge = messageOf(text);
    return challenge === undefined ? undefined : withEntries(challenge, change);
  });
}

/** The challenge of a 402 in whichever version, and a 402 that says another one in the same version. */
export async function demandIn(
  response: Response,
): Promise<{ challenge: Message; isV1: boolean; saying: (challenge: Message) => Response } | undefined> {
  const inHeader = challengeOf(response);
  if (inHeader !== undefined) return { challenge: inHeader, isV1: false, saying: asking };
  const isV1 = !response.headers.has("payment-required");
  const inBody = isV1 ? messageOf(await response.clone().text()) : undefined;
  if (inBody === undefined) return undefined;
  const saying = (challenge: Message) => new Response(JSON.stringify(challenge), { status: 402 });
  return { challenge: inBody, isV1, saying };
}

/** The JSON object that a body is, if it is one. */
export function messageOf(text: string): Message | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return isMessage(message) ? message : undefined;
  } catch {
    return undefined;
  }
}
