import { setTimeout as delay } from "node:timers/promises";
import { Problem } from "#sandbox";
import type { CaseResult } from "./engine/index.ts";
import type { UsableSandbox } from "./sandbox-for.ts";

/** Longest that the sandbox may take to show that it is still there, in milliseconds. */
const patience = 5_000;

/** Sees to it that the loss of the sandbox is told once, and not by every case that was under way. */
export interface Vigil {
  /** Hands a verdict on as long as the sandbox is there. */
  pass(verdict: CaseResult): void;
  /**
   * What `work` gives, once all verdicts are handed on.
   *
   * @throws Problem `chain-died` or `sandbox-unreachable` when the sandbox is lost before
   */
  over<T>(work: Promise<T>): Promise<T>;
}

/** Keeps watch over a sandbox: over its chain, where it is ours, and whenever a case could not be judged. */
export function keepVigil(
  { description, ended }: UsableSandbox,
  onVerdict: (verdict: CaseResult) => void,
): Vigil {
  const loss = Promise.withResolvers<never>();
  // Nobody may be waiting for it yet.
  loss.promise.catch(() => undefined);
  let isLost = false;
  const lose = (problem: Problem) => {
    isLost = true;
    loss.reject(problem);
  };
  void ended?.then((problem) => {
    if (problem !== undefined) lose(lost("chain-died", problem.message));
  });
  const doubtful: Promise<void>[] = [];
  const handOn = (verdict: CaseResult) => {
    if (!isLost) onVerdict(verdict);
  };
  const handOnIfThere = async (verdict: CaseResult) => {
    const { adminUrl, rpcUrl } = description;
    const silent = await firstSilent([adminUrl, rpcUrl]);
    if (silent !== undefined) lose(lost("sandbox-unreachable", `Nothing answers at ${silent} any more.`));
    handOn(verdict);
  };
  return {
    pass(verdict) {
      if (verdict.status === "error") doubtful.push(handOnIfThere(verdict));
      else handOn(verdict);
    },
    over: async (work) => {
      const result = await Promise.race([work.catch(afterTheNews), loss.promise]);
      await Promise.race([Promise.all(doubtful), loss.promise]);
      return result;
    },
  };

  /** What fails because the sandbox is gone may fail before that is known. */
  async function afterTheNews(error: unknown): Promise<never> {
    const silent = await firstSilent([description.adminUrl, description.rpcUrl]);
    if (silent === undefined) throw error;
    // How the chain ended, if that is about to be told, says more.
    await Promise.race([loss.promise, delay(100)]);
    throw lost("sandbox-unreachable", `Nothing answers at ${silent} any more.`);
  }
}

function lost(code: "chain-died" | "sandbox-unreachable", what: string): Problem {
  return new Problem(
    code,
    `The run lost its sandbox. ${what}`,
    "Nothing is proven either way: what was found until then may come of it. Run again.",
  );
}

/** The first URL of which no HTTP answer comes, whatever it says. */
async function firstSilent(urls: readonly string[]): Promise<string | undefined> {
  for (const url of urls) {
    try {
      await (await fetch(url, { signal: AbortSignal.timeout(patience) })).body?.cancel();
    } catch {
      return url;
    }
  }
  return undefined;
}
