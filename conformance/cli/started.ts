import { Problem } from "#sandbox";

/** What may say where a program answers, and how it is started. */
interface Whereabouts {
  readonly url?: string | undefined;
  readonly start?: string | undefined;
  readonly ready?: string | undefined;
}

/**
 * Makes sure that what is said of a program's start is said of one that is started.
 *
 * @param flags what flags say
 * @param target what flags and configuration say
 * @throws Problem `usage`
 */
export function requireStart(
  flags: Whereabouts & { readonly readyTimeout?: number },
  target: Whereabouts,
): void {
  if (target.start !== undefined) return;
  const { ready, readyTimeout } = flags;
  if (ready !== undefined || readyTimeout !== undefined) {
    throw new Problem(
      "usage",
      `${ready === undefined ? "--ready-timeout" : "--ready"} is about a program that is started, and nothing is.`,
      "Give --start, the command that starts it, or leave this out.",
    );
  }
  if (target.url?.includes("{port}") !== true) return;
  throw new Problem(
    "usage",
    `${target.url} has {port} in it, the port that a started program is given, and nothing is started.`,
    "Give --start, the command that starts it; or write the port of the program that runs.",
  );
}
