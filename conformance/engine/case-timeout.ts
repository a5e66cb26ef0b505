/** Longest that one case may take, in milliseconds, though its requests have limits of their own. */
const longest = 600_000;

/** A case makes no more requests one after the other that may each take all their time. */
const slowRequests = 4;

/** How long a case may take whose requests may take `timeoutMs` each. Milliseconds. */
export function caseTimeout(timeoutMs = 0): number {
  return Math.max(longest, slowRequests * timeoutMs);
}
