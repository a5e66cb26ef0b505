import { isMessage, type Message, withEntries } from "./messages.ts";
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

/** The JSON object that a body is, if it is one. */
export function messageOf(text: string): Message | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return isMessage(message) ? message : undefined;
  } catch {
    return undefined;
  }
}
