import { challengeOf, type Message } from "../messages.ts";
import { type ClientMutant, replacing } from "../mutant.ts";
import { messageOf } from "../v1-messages.ts";

/** Clients that turn to the v1 challenge in the body when they cannot pay the one in the header. */
export const bodyFallbackMutants: readonly ClientMutant[] = [
  {
    id: "falls-back-when-it-cannot-decode",
    breaks: "Pays the v1 challenge in the body when it cannot decode the header.",
    caughtBy: [
      "client.challenge.not-base64-beside-v1",
      "client.challenge.not-json-beside-v1",
      "client.challenge.null-beside-v1",
      "client.challenge.array-beside-v1",
    ],
    build: fallingBack((challenge) => challenge === undefined),
  },
  {
    id: "falls-back-from-other-versions",
    breaks: "Pays the v1 challenge in the body when the header's is of a version that it does not know.",
    caughtBy: ["client.challenge.other-version-beside-v1"],
    build: fallingBack((challenge) => challenge !== undefined && challenge.x402Version !== 2),
  },
  {
    id: "falls-back-for-want-of-entries",
    breaks: "Pays the v1 challenge in the body when the header's has no entry of a scheme that it knows.",
    caughtBy: ["client.challenge.nothing-accepted-beside-v1", "client.challenge.nothing-supported-beside-v1"],
    build: fallingBack(
      ({ accepts } = {}) => Array.isArray(accepts) && !JSON.stringify(accepts).includes("exact"),
    ),
  },
  {
    id: "falls-back-for-want-of-a-resource",
    breaks: "Pays the v1 challenge in the body when the header's does not say for what.",
    caughtBy: ["client.challenge.no-resource-beside-v1"],
    build: fallingBack((challenge) => challenge !== undefined && challenge.resource === undefined),
  },
];

/** Reads the body in place of the header, given the challenge in the header where that can be decoded. */
function fallingBack(mistrusts: (challenge: Message | undefined) => boolean): ClientMutant["build"] {
  return replacing("readChallenge", (original, reached) => async (response) => {
    const isAsked = response.headers.has("payment-required");
    if (!isAsked || !mistrusts(challengeOf(response))) return original(response);
    const text = await response.clone().text();
    if (messageOf(text)?.x402Version !== 1) return original(response);
    reached();
    return { ...(await original(new Response(text, { status: 402 }))), response };
  });
}
