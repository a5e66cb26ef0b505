import { extname, join } from "node:path";
import { Problem } from "#sandbox";
import { type ClientRunSetup, type ClientSubjectSetup, price } from "./engine/client/index.ts";
import type { RunReport } from "./report/index.ts";
import { type RunOptions, runSuite } from "./run-suite.ts";
import {
  importFetchMaker,
  proxyNotice,
  referenceLimit,
  startLauncher,
  startPullIndex,
} from "./subjects/client/index.ts";
import { clientSuite } from "./suites.ts";

/** Which client to judge; without any of these, the reference client. */
export type ClientTarget =
  | {
      /** Run once per errand; `{url}` stands for what to fetch. */
      readonly command: string;
    }
  | {
      /** A module whose default export makes a fetch-like function. */
      readonly module: string;
    }
  | {
      /** The client comes by itself. */
      readonly pull: true;
    };

/** A run of the client suite. */
export interface ClientRunOptions extends RunOptions {
  readonly target: ClientTarget | undefined;
  /** The most that the client is set to pay for one request, in atomic units; the reference's own without a target. */
  readonly limit?: string | undefined;
}

/** Errands in flight at once when the client comes by itself: all of them, so that nobody waits for the next. */
const errandsToPull = 200;

/**
 * Judges a client: brings up a sandbox, sends the client from shop to shop, and gives the report.
 *
 * @throws Problem when the sandbox or the subject cannot be reached, or nothing is left to run; the signal's reason
 */
export function judgeClient({ target, limit, ...options }: ClientRunOptions): Promise<RunReport> {
  const { protocol, set } = options.selection;
  const judgedIn = protocol ?? set;
  const setTo = limitOf(target, limit);
  const atOnce = isPull(target) ? { workers: errandsToPull } : {};
  return runSuite<ClientRunSetup>(clientSuite, { ...options, ...atOnce }, async (_sandbox, basics) => {
    const { subject, firstLook, stop } = await stageClient(target, basics.timeoutMs, options.signal);
    return {
      setup: {
        ...basics,
        role: "client",
        subject,
        ...(judgedIn === undefined ? {} : { protocol: judgedIn }),
        ...(setTo === undefined ? {} : { limit: setTo }),
      },
      firstLook,
      stop,
    };
  });
}

function limitOf(target: ClientTarget | undefined, limit: string | undefined): bigint | undefined {
  if (limit === undefined) return target === undefined ? referenceLimit : undefined;
  if (BigInt(limit) >= price) return BigInt(limit);
  throw new Problem(
    "usage",
    `A client whose limit is ${limit} pays none of the suite's shops, which ask for ${price} atomic units.`,
    `Set it to ${price} or more, and say so with --limit.`,
  );
}

/** A subject's set-up, what to tell of it, and how to let go of it. */
interface Staged {
  readonly subject: ClientSubjectSetup;
  readonly firstLook: () => Promise<readonly string[]>;
  readonly stop: () => Promise<void>;
}

const nothingToTell = async () => [];
const nothingToStop = async () => {};

/**
 * Makes ready what starts or awaits the client; without a target, the reference client.
 *
 * @throws Problem `config`; the signal's reason
 */
export async function stageClient(
  target: ClientTarget | undefined,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Staged> {
  if (target === undefined) {
    // TypeScript in the repository, JavaScript in the package.
    const file = join(import.meta.dirname, `subjects/client/reference${extname(import.meta.filename)}`);
    const subject = { kind: "module", name: "reference client", file } as const;
    return { subject, firstLook: nothingToTell, stop: nothingToStop };
  }
  if ("module" in target) {
    // Imported here, too, so that a mistake is told before the cases begin.
    await importFetchMaker(target.module, { signal });
    const subject = { kind: "module", name: target.module, file: target.module } as const;
    return { subject, firstLook: nothingToTell, stop: nothingToStop };
  }
  if ("command" in target) {
    const { url, stop } = await startLauncher(target.command);
    const subject = { kind: "command", name: target.command, launcherUrl: url } as const;
    return { subject, firstLook: async () => proxyNotice(process.env), stop };
  }
  const { url, stop } = await startPullIndex();
  return {
    subject: { kind: "pull", name: "a client that comes by itself", indexUrl: url },
    firstLook: async () => [
      `Fetch ${url}/ for what to pay: { open: [{ label, url }], done }, or open it in a browser. Fetch each URL once, paying when asked, and look again until done. Any key will do: the suite gives money to whoever signs. A URL waits ${timeoutMs / 1000} s for somebody to come (--timeout).`,
    ],
    stop,
  };
}

function isPull(target: ClientTarget | undefined): boolean {
  return target !== undefined && "pull" in target;
}
