import { setTimeout as delay } from "node:timers/promises";
import { explained, isBrokenHeader } from "../oracles/wire/index.ts";

/** Pause between two questions, in milliseconds. */
const pause = 50;

/** Longest that one question may take, in milliseconds. */
const patience = 2_000;

/**
 * Asks `url` until something answers HTTP without a server error, and then gives `undefined`; when the signal comes
 * first, or waiting does not help, what was wrong with the last answer.
 */
export async function untilAnswered(url: string, signal: AbortSignal): Promise<string | undefined> {
  let complaint: string | undefined = "it was never asked";
  while (!signal.aborted) {
    const latest = await complaintAbout(url, signal);
    if (latest === undefined) return undefined;
    // A question that the signal cut off says nothing about who was asked.
    if (!signal.aborted) complaint = latest;
    // What a server writes so it writes again.
    if (isBrokenHeader(latest)) return latest;
    await delay(pause, undefined, { signal }).catch(() => undefined);
  }
  return complaint;
}

/** What is wrong with the answer of `url`, if anything. */
export async function complaintAbout(url: string, signal?: AbortSignal): Promise<string | undefined> {
  const timeout = AbortSignal.timeout(patience);
  try {
    const response = await fetch(url, {
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      redirect: "manual",
    });
    await response.body?.cancel();
    return response.status < 500 ? undefined : `status ${response.status}`;
  } catch (error) {
    return timeout.aborted ? `no answer within ${patience / 1000} s` : reasonOf(error);
  }
}

/** The reason lies in the cause; where several addresses were tried, only in its code. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  if (cause.name === "HTTPParserError") return `what answers is not HTTP: ${explained(cause.message)}`;
  return cause.message || ("code" in cause ? String(cause.code) : cause.name);
}
