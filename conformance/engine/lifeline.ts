import { z } from "zod";
import {
  type NoAnswer,
  type Sending,
  sendOverWire,
  type WireAnswer,
  type WireRequest,
} from "../oracles/wire/index.ts";

/** Knows how a subject is that the suite started as a program. */
export interface Lifeline {
  /** Sends a request to the subject. While nobody listens because it has ended, it is waited for until it is back. */
  send(request: WireRequest, sending: Sending): Promise<WireAnswer | NoAnswer>;
  /**
   * How the subject has ended by itself since a moment, e.g. `exit code 1`; `undefined` when it has not, or nobody knows.
   *
   * @param since Unix milliseconds
   * @param hungUp an answer was lost, so that an ending may be known in a moment
   */
  endedSince(since: number, hungUp: boolean): Promise<string | undefined>;
}

/** How long a program that has hung up may take to be known to have ended, in milliseconds. */
const lastBreath = 250;

const endingsSchema = z.array(z.object({ at: z.number(), how: z.string() }));

/** Opens the lifeline of a subject; of one that the suite did not start, nothing is known. */
export function openLifeline({ endingsUrl }: { readonly endingsUrl?: string }): Lifeline {
  if (endingsUrl === undefined) return { send: sendOverWire, endedSince: async () => undefined };

  const endedSince = async (since: number, hungUp: boolean): Promise<string | undefined> => {
    const question = { since: String(since), patienceMs: hungUp ? String(lastBreath) : "0" };
    const response = await fetch(`${endingsUrl}?${new URLSearchParams(question)}`);
    return endingsSchema.parse(await response.json()).at(-1)?.how;
  };
  return {
    endedSince,
    async send(request, sending) {
      const answer = await sendOverWire(request, sending);
      if (answer.kind === "answer" || answer.refused === undefined) return answer;
      // Nobody has seen the request. What has ended is up again when the answer comes.
      await endedSince(0, true);
      return sendOverWire(request, sending);
    },
  };
}
