import type { FastifyInstance } from "fastify";
import { Problem } from "./problem.ts";

/** Where servers listen unless they are told otherwise: this machine only. */
export const loopback = "127.0.0.1";

/** Where a server is to listen. */
export interface ListenAt {
  /** IP address of an interface, `0.0.0.0` for all; 127.0.0.1 unless told. */
  readonly host?: string | undefined;
  /** 0, or nothing, for a free one. */
  readonly port?: number | undefined;
  /** The command-line flag that sets the port, for the error message. */
  readonly flag: string;
}

/**
 * Lets a server listen and gives its URL.
 *
 * @throws Problem `port-in-use`, `config` (no interface has this address, or the port is not allowed)
 */
export async function listen(
  app: FastifyInstance,
  { host = loopback, port = 0, flag }: ListenAt,
): Promise<string> {
  try {
    return urlAt(host, new URL(await app.listen({ host, port })).port);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code === "EADDRINUSE") throw portInUse(port, flag, cause);
    if (code === "EACCES") throw portNotAllowed(port, flag, cause);
    if (code === "EADDRNOTAVAIL") throw noSuchInterface(host, cause);
    throw cause;
  }
}

/** The URL at which this machine reaches a server: one that listens on all interfaces listens on the loopback, too. */
export function urlAt(host: string, port: number | string): string {
  const reachable = new Map([
    ["0.0.0.0", loopback],
    ["::", "::1"],
  ]).get(host);
  const address = reachable ?? host;
  return `http://${address.includes(":") ? `[${address}]` : address}:${port}`;
}

function portInUse(port: number, flag: string, cause: unknown): Problem {
  return new Problem(
    "port-in-use",
    `Port ${port} is in use.`,
    `Choose another with ${flag}, or 0 for a free one.`,
    { cause },
  );
}

/** A port that this user may not listen on: usually those below 1024. */
export function portNotAllowed(port: number, flag: string, cause: unknown): Problem {
  return new Problem(
    "config",
    `This user may not listen on port ${port}.`,
    `Choose one from 1024 on with ${flag}, or 0 for a free one.`,
    { cause },
  );
}

/** An address at which this machine cannot listen. */
export function noSuchInterface(host: string, cause: unknown): Problem {
  return new Problem(
    "config",
    `This machine has no interface with the address ${host}.`,
    "Give --host one that it has, 0.0.0.0 for all, or nothing for 127.0.0.1.",
    { cause },
  );
}
