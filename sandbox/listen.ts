import type { FastifyInstance } from "fastify";
import { Problem } from "./problem.ts";

/**
 * Lets a server listen on 127.0.0.1 and gives its URL. Port 0 takes a free one.
 *
 * @param flag the command-line flag that sets this port, for the error message
 * @throws Problem `port-in-use`
 */
export async function listenOnLoopback(app: FastifyInstance, port: number, flag: string): Promise<string> {
  try {
    return await app.listen({ host: "127.0.0.1", port });
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE") {
      throw new Problem(
        "port-in-use",
        `Port ${port} is in use.`,
        `Choose another with ${flag}, or 0 for a free one.`,
        {
          cause,
        },
      );
    }
    throw cause;
  }
}
