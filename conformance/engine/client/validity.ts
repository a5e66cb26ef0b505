/** When something signed can be used, Unix seconds: `validBefore` is the first second in which it cannot any more. */
export interface Validity {
  readonly validAfter: bigint;
  readonly validBefore: bigint;
  /** What the end is called where it is signed; `validBefore` unless told. */
  readonly end?: string;
}

/** Offsets from UTC that a clock in local time may have, in seconds, with some room for what a shop asks for. */
const leastOffset = 900n;
const largestOffset = 54_000n;

/** Why something signed cannot be used at `now`, as a sentence goes on; `undefined` when it can. */
export function timeFault(
  { validAfter, validBefore, end = "validBefore" }: Validity,
  now: bigint,
): string | undefined {
  if (validBefore <= now) return `${end} was ${now - validBefore} s ago${hintAt(now - validBefore)}`;
  if (validAfter > now) return `validAfter is in ${validAfter - now} s${hintAt(validAfter - now)}`;
  return undefined;
}

/** The second in which something came in, of Unix milliseconds. */
export function secondOf(milliseconds: number): bigint {
  return BigInt(Math.floor(milliseconds / 1_000));
}

/** Asks about local time where something is off by as much as a clock in it may be. */
export function hintAt(seconds: bigint): string {
  return seconds >= leastOffset && seconds <= largestOffset ? " (is the clock in local time?)" : "";
}
