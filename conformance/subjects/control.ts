import Fastify from "fastify";
import { z } from "zod";

/** A time at which a program ended without being told to. */
export interface Ending {
  /** Unix milliseconds. */
  readonly at: number;
  /** E.g. `exit code 1`. */
  readonly how: string;
}

/** Endings since a moment, in Unix milliseconds; where none is known, one is waited for so long. */
export interface EndingsQuestion {
  readonly since: number;
  readonly patienceMs: number;
}

const questionSchema = z.object({ since: z.coerce.number(), patienceMs: z.coerce.number() });

/** Why a subject that runs cannot be started again, in a sentence. */
export class NotRestartable extends Error {
  override readonly name = "NotRestartable";
}

/** A small server by which the cases, which run in another thread, restart the subject and ask how it is. */
export interface SubjectControl {
  /** `POST` here ends the subject and starts it again; 409, with the reason as text, where that cannot be done. */
  readonly restartUrl: string;
  /**
   * `GET` here, with the fields of an {@link EndingsQuestion} as its query, tells how the subject has ended by itself, as
   * soon as it is up again.
   */
  readonly endingsUrl: string;
  stop(): Promise<void>;
}

/**
 * @param restart throws {@link NotRestartable} where it leaves the subject as it is
 * @param endings without it, the subject is taken for one that never ends by itself
 */
export async function startControl(
  restart: () => Promise<void>,
  endings: (question: EndingsQuestion) => Promise<readonly Ending[]> = async () => [],
): Promise<SubjectControl> {
  const app = Fastify({ forceCloseConnections: true });
  app.post("/restart", async (_request, reply) => {
    try {
      await restart();
      return await reply.status(204).send();
    } catch (error) {
      if (!(error instanceof NotRestartable)) throw error;
      return reply.status(409).type("text/plain").send(error.message);
    }
  });
  app.get("/endings", ({ query }) => endings(questionSchema.parse(query)));
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  return { restartUrl: `${url}/restart`, endingsUrl: `${url}/endings`, stop: () => app.close() };
}
