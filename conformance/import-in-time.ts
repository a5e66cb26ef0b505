import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";

/** Longest that a file of the user's may take to load, in milliseconds: large packages on a slow machine take some. */
const patience = 30_000;

/** How a file is loaded. */
export interface ImportOptions {
  /** Longest that it may take, in milliseconds. */
  readonly patienceMs?: number;
  /** Lets go of it before its time. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The default export of a module of the user's; `undefined` when it has none.
 *
 * @throws Error when it waits for ever at its top level, or as the module itself; the signal's reason
 */
export async function importDefault(
  file: string,
  { patienceMs = patience, signal }: ImportOptions = {},
): Promise<unknown> {
  const over = new AbortController();
  const ends = AbortSignal.any([over.signal, ...(signal === undefined ? [] : [signal])]);
  const tooLong = delay(patienceMs, undefined, { signal: ends }).then(
    () => {
      throw new Error(
        `it is not loaded after ${patienceMs / 1_000} s. Does it wait for something at its top level?`,
      );
    },
    () => signal?.throwIfAborted(),
  );
  const loading: Promise<{ default?: unknown }> = import(
    /* @vite-ignore */ pathToFileURL(resolve(file)).href
  );
  try {
    const module = await Promise.race([loading, tooLong]);
    return module?.default;
  } finally {
    over.abort();
  }
}
