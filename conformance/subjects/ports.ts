import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Ports for programs that have to be told one. Systems give other ports to those who do not care which, so that none of
 * these goes to somebody else between the choice and the program's start.
 */
const chosenPorts = { from: 20_000, to: 32_000 };

/** A port that is free now, for a program that has to be told one. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(chosenPorts.from, chosenPorts.to);
    if (await isFree(port)) return port;
  }
}

/** Whether nobody listens at a port of this machine. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
