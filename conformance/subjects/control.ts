import Fastify from "fastify";

/** A small server by which the cases, which run in another thread, restart the subject. */
export interface SubjectControl {
  readonly restartUrl: string;
  stop(): Promise<void>;
}

export async function startControl(restart: () => Promise<void>): Promise<SubjectControl> {
  const app = Fastify({ forceCloseConnections: true });
  app.post("/restart", async (_request, reply) => {
    await restart();
    return reply.status(204).send();
  });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  return { restartUrl: `${url}/restart`, stop: () => app.close() };
}
